"""Followup, wired: the only place that knows all of its parts."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial

from nats.aio.msg import Msg
from temporalio.client import Client
from temporalio.worker import Worker

from services.followup.activities import Activities
from services.followup.commands import CurrentFollowUp
from services.followup.consumers import Facts
from services.followup.names import TASK_QUEUE
from services.followup.queries import RatesWork
from services.followup.rates import terms_of
from services.followup.rebuilding import OpenFollowUps, facts_of
from services.followup.rebuilding_rows import LostRows
from services.followup.starting import Starter
from services.followup.store import Store
from services.followup.verbs import VERBS
from services.followup.workflow import FollowUpWorkflow
from shared.contract.consumers import FOLLOWUP_EVENTS
from shared.contract.queries import ExplainQuery, RatesQuery, ReadsQuery, TextQuery
from shared.contract.subjects import (
    EVENTS_STREAM,
    QUARANTINE_STREAM,
    Service,
    erasure,
    keys,
    rebuild,
)
from shared.contract.subjects import health as asked_health
from shared.policy.loader import Policy
from shared.policy.pinned import pin_followup
from shared.runtime.gauges import measure_durables, measure_quarantine
from shared.runtime.health import Health, connection_state, http_server, nats_check, streams_check
from shared.runtime.messages.broker import HouseBroker, connected, make_broker
from shared.runtime.messages.delivery import Delivery
from shared.runtime.messages.explaining import ExplainWork
from shared.runtime.messages.interests import Interests
from shared.runtime.messages.once import Once
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.rebuilding import rebuild_answer
from shared.runtime.messages.redelivery import serve_redelivery
from shared.runtime.messages.requests import serve_inside
from shared.runtime.messages.serving import serve_queries, serve_verbs
from shared.runtime.policy_in_force import policy_in_force
from shared.runtime.probes.agreement import Agreement
from shared.runtime.probes.asked import Condition
from shared.runtime.probes.flushes import Flushes
from shared.runtime.running import run_until_stopped
from shared.runtime.service_settings import ServiceSettings
from shared.runtime.storage.database import Database
from shared.runtime.storage.opening import opened
from shared.runtime.texts.covering import covering
from shared.runtime.texts.digests import digests_of
from shared.runtime.texts.erasing import Eraser, erasure_answer
from shared.runtime.texts.keeping import Texts
from shared.runtime.texts.master_key import MasterKey
from shared.runtime.texts.query import TextWork, readers
from shared.runtime.texts.reads import ReadsWork
from shared.runtime.texts.rotation import PROCESS, Rotation, keys_answer
from shared.runtime.texts.signal_search import SignalSearch
from shared.runtime.workflows.commanding import Commanding
from shared.runtime.workflows.moved_clock import MovedClock
from shared.runtime.workflows.temporal import cached_in, connect_both, make_worker, temporal_check

NAME = Service.FOLLOWUP
WORKERS = 64


def now() -> datetime:
    return datetime.now(UTC)


async def run(settings: ServiceSettings) -> None:
    """Run followup until it receives a signal to stop."""
    policy = policy_in_force(settings.policy, now().date())
    master = MasterKey.from_file(settings.master_key_file)
    async with AsyncExitStack() as held:
        database = Database(settings.database_url)
        held.callback(database.close)
        await opened(NAME, database)
        store, publisher = Store(database), Publisher()
        mask, finder, side = covering(policy.pack)
        held.callback(side.close)
        texts = Texts(NAME, database, master, mask)
        await store.keep_policy(pin_followup(policy))
        temporal = await connect_both(settings, NAME)
        broker = make_broker(NAME, settings)
        starter = Starter(MovedClock(temporal, settings.time_skipping, now))
        attach_facts(broker, publisher, store, starter, policy)
        agreement = Agreement(NAME, database, publisher)
        condition = Condition(NAME, policy.identity, database, publisher, Flushes(NAME), agreement)
        serve_inside(broker, asked_health(NAME), PROCESS, condition.answer())
        attach_requests(broker, publisher, store, texts, temporal, policy, starter, finder)
        client = await connected(broker, settings, NAME)
        publisher.connect(client)
        condition.health = health = Health(
            {
                "nats": nats_check(client, FOLLOWUP_EVENTS),
                "streams": streams_check(client, publisher.storing, EVENTS_STREAM, QUARANTINE_STREAM),
                "database": database.probe,
                "temporal": temporal_check(temporal),
            },
            [
                partial(measure_durables, client, (FOLLOWUP_EVENTS,)),
                partial(measure_quarantine, client),
                condition.measure,
            ],
            state=connection_state(client),
        )
        http = http_server(health.app(), settings.health_port) if settings.health_port else None
        beside = (
            agreement.run(),
            worker(temporal, settings, store, publisher, texts, policy, condition.flushes).run(),
            Rotation(texts).run(),
        )
        await run_until_stopped(broker, http, *beside, within=settings.shutdown_seconds)


async def silence(store: Store, starter: Starter, complaints: list[str]) -> None:
    """Signal the running follow-ups that their texts were destroyed. A follow-up that begins later looks it
    up.
    """
    for complaint in complaints:
        row = await store.latest(complaint)
        if row is not None and not row.ended:
            await starter.silence(complaint, row.cycle)


def worker(
    temporal: Client,
    settings: ServiceSettings,
    store: Store,
    publisher: Publisher,
    texts: Texts,
    policy: Policy,
    flushes: Flushes,
) -> Worker:
    """Worker for follow-up workflows and their flushes."""
    activities = Activities(store, publisher, texts, policy.pack, flushes)
    return make_worker(
        temporal,
        TASK_QUEUE,
        [FollowUpWorkflow],
        [activities.flush, activities.look_up_recipients],
        cached=cached_in(settings.workflow_cache_mb),
        sandboxed=settings.workflow_sandbox,
    )


def attach_facts(
    broker: HouseBroker, publisher: Publisher, store: Store, starter: Starter, policy: Policy
) -> None:
    """Put the durable of routing's facts on its consumer."""
    facts = Facts(store, starter, pin_followup(policy))
    again = OpenFollowUps(store, starter, publisher, facts)
    rows = LostRows(store, starter, publisher, facts)
    works = {"workflows": again.page, "facts": facts_of(store), "rows": rows.page}
    serve_inside(broker, rebuild(NAME), NAME, rebuild_answer(works))
    Delivery(NAME, publisher).attach(broker, FOLLOWUP_EVENTS, facts, workers=WORKERS)

    async def taken_again(message: Msg) -> None:
        await facts(message)

    serve_redelivery(broker, NAME, taken_again)


def attach_requests(
    broker: HouseBroker,
    publisher: Publisher,
    store: Store,
    texts: Texts,
    temporal: Client,
    policy: Policy,
    starter: Starter,
    finder: SignalSearch,
) -> None:
    """Put every verb and query that followup answers on its subject."""
    roster = {person.id: person for person in policy.pack.staff}
    find = CurrentFollowUp(store, publisher)
    interests = Interests(publisher, policy.pack)
    commanding = Commanding(
        NAME, store.database, texts, temporal, find, roster, interests, publisher, finder=finder
    )
    obey = Once(
        store.database,
        digests_of(store.database, texts.master),
        commanding.first,
        keeps=False,
        again=commanding,
    )
    serve_verbs(broker, NAME, dict.fromkeys(VERBS, obey), texts.prepare, finder.prepare)
    serve_queries(
        broker,
        NAME,
        {
            ExplainQuery: ExplainWork(NAME, VERBS),
            RatesQuery: RatesWork(store, terms_of(policy.pack)),
            TextQuery: TextWork(texts, readers(policy.pack), now, interests.conflict),
            ReadsQuery: ReadsWork(texts, policy.pack, interests.conflict),
        },
    )
    serve_inside(broker, keys(NAME), PROCESS, keys_answer(Rotation(texts)))
    silenced = partial(silence, store, starter)
    serve_inside(broker, erasure(NAME), NAME, erasure_answer(Eraser(texts, now, silenced)))
