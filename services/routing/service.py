"""Routing, wired: the only place that knows all of its parts."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial

from nats.aio.msg import Msg
from pydantic import BaseModel
from temporalio.client import Client

from services.routing.activities import Activities, commit
from services.routing.admission.admitting import Admission
from services.routing.admission.dispatcher import Dispatcher
from services.routing.admission.in_flight import InFlight
from services.routing.admission.queue import Arrival, WaitingQueue
from services.routing.admission.workflow_start import WorkflowStart
from services.routing.batches import Batches
from services.routing.choosing import Choosing, batched
from services.routing.classifying import Classifying
from services.routing.commands import NoteWork, WorkflowFinder
from services.routing.consumers import FactConsumer
from services.routing.effects import EffectsWork
from services.routing.fairness.work import FairnessWork
from services.routing.links import Links, LinkWork
from services.routing.measuring import measured
from services.routing.migrating import Migrating
from services.routing.names import TASK_QUEUE
from services.routing.policies import Policies
from services.routing.precedent_query import Precedents
from services.routing.queries import Queries
from services.routing.rebuilding import OpenCases, facts_of
from services.routing.rebuilding_rows import LostRows
from services.routing.rules.verbs import VERBS
from services.routing.silencing import Silencing
from services.routing.staffing.candidates import LiveCandidates
from services.routing.staffing.live import LivePeople
from services.routing.staffing.presence import PresenceWork
from services.routing.staffing.queueing import QueueService
from services.routing.staffing.swaps import SwapWork
from services.routing.staffing.swaps_kept import UntoldSwaps
from services.routing.staffing.walking import Walk
from services.routing.store import Store
from services.routing.task_workflow import PlanTask, TaskWorkflow
from services.routing.workflow import ComplaintWorkflow
from shared.contract.commands import (
    AcceptSwap,
    AcceptTransfer,
    Change,
    Command,
    CommandRequest,
    Decide,
    HandOver,
    MakeOffer,
    MigratePolicy,
    ProposeSwap,
    RefuseSwap,
    Respond,
    SignOff,
    SignOn,
    Transfer,
)
from shared.contract.consumers import ROUTING_EVENTS, ROUTING_RECEIVED
from shared.contract.events import Received
from shared.contract.queries import (
    ChangeEffectsQuery,
    ExplainQuery,
    FairnessQuery,
    MigrationQuery,
    PrecedentQuery,
    PresenceQuery,
    Query,
    ReadsQuery,
    TextQuery,
    WordingQuery,
)
from shared.contract.subjects import (
    EVENT,
    EVENTS_STREAM,
    LINKS,
    QUARANTINE_STREAM,
    Service,
    erasure,
    event,
    keys,
    rebuild,
)
from shared.contract.subjects import health as asked_health
from shared.policy.loader import Policy
from shared.policy.models import remedy_codes
from shared.runtime.gauges import measure_durables, measure_quarantine, measure_streams, measure_waiting
from shared.runtime.health import Check, Health, connection_state, http_server, nats_check, streams_check
from shared.runtime.messages.aliases import Aliases
from shared.runtime.messages.batch_delivery import BatchDelivery
from shared.runtime.messages.broker import HouseBroker, connected, make_broker
from shared.runtime.messages.delivery import Delivery
from shared.runtime.messages.explaining import ExplainWork
from shared.runtime.messages.interests import Interests
from shared.runtime.messages.once import Once
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.rebuilding import rebuild_answer
from shared.runtime.messages.redelivery import serve_redelivery
from shared.runtime.messages.requests import CommandWork, PersonWork, QueryWork, serve_inside, serve_unknown
from shared.runtime.messages.serving import serve_queries, serve_verbs
from shared.runtime.policy_in_force import policy_in_force
from shared.runtime.probes.agreement import Agreement
from shared.runtime.probes.asked import Condition
from shared.runtime.probes.flushes import Flushes
from shared.runtime.running import run_until_stopped
from shared.runtime.service_settings import ServiceSettings
from shared.runtime.storage.database import Database
from shared.runtime.storage.group_commit import Batcher
from shared.runtime.storage.opening import opened
from shared.runtime.texts.covering import covering
from shared.runtime.texts.departments import DepartmentReaders
from shared.runtime.texts.digests import digests_of
from shared.runtime.texts.erasing import Eraser, erasure_answer
from shared.runtime.texts.keeping import Texts
from shared.runtime.texts.master_key import MasterKey
from shared.runtime.texts.query import TextWork, readers
from shared.runtime.texts.reads import ReadsWork
from shared.runtime.texts.rotation import PROCESS, Rotation, keys_answer
from shared.runtime.texts.signal_search import SignalSearch
from shared.runtime.texts.wording import GuardedWording, WordingWork
from shared.runtime.workflows.commanding import Commanding
from shared.runtime.workflows.moved_clock import MovedClock
from shared.runtime.workflows.temporal import cached_in, connect_both, make_worker, temporal_check
from shared.wording.gate import WordingGate
from shared.wording.substance import Substance

NAME = Service.ROUTING
WORKERS = 64

BATCH, AT_ONCE = 128, 2
"""Complaints of one batch, and batches at once: while one waits for Temporal, another is read."""


def now() -> datetime:
    return datetime.now(UTC)


async def run(settings: ServiceSettings) -> None:
    """Run routing until it receives a signal to stop."""
    policy = policy_in_force(settings.policy, now().date())
    master = MasterKey.from_file(settings.master_key_file)
    async with AsyncExitStack() as held:
        database = Database(settings.database_url)
        held.callback(database.close)
        await opened(NAME, database)
        store, (mask, finder, side) = Store(database), covering(policy.pack)
        held.callback(side.close)
        texts = Texts(NAME, database, master, mask)
        policies = Policies(database)
        await policies.keep(policy)
        choosing = Choosing(database)
        links = Links(digests_of(database, master), settings.link_address)
        live = LivePeople(policies, policy, choosing)
        save = await held.enter_async_context(Batcher(partial(commit, policy, store, texts, links)))
        choose = await held.enter_async_context(batched(database))
        client = await connect_both(settings, NAME)
        line = QueueService(client, choosing, live)
        broker, publisher = make_broker(NAME, settings), Publisher()
        clock, queue = MovedClock(client, settings.time_skipping, now), WaitingQueue(database)
        dispatcher = make_dispatcher(clock, queue, publisher)
        admission = Admission(queue, dispatcher, policy.pack)
        fact_consumer = FactConsumer(client, store, queue, publisher, Interests(publisher, policy.pack))
        attach_facts(broker, publisher, admission, fact_consumer)
        batches = attach(broker, publisher, client, policy, store, texts, queue, live, line, finder, links)
        cases = OpenCases(clock, store, publisher, admission, fact_consumer)
        rows = LostRows(client, store, publisher, policy, admission)
        works = {"workflows": cases.page, "facts": facts_of(store), "rows": rows.page}
        serve_inside(broker, rebuild(NAME), NAME, rebuild_answer(works))
        nats = await connected(broker, settings, NAME)
        publisher.connect(nats)
        agreement = Agreement(NAME, database, publisher)
        condition = Condition(NAME, policy.identity, database, publisher, Flushes(NAME), agreement)
        serve_inside(broker, asked_health(NAME), PROCESS, condition.answer())
        classifying = Classifying(publisher, policy.pack.external_classifier)
        activities = Activities(
            policy, store, texts, publisher, save, choose, live, condition.flushes, line.ring, classifying
        )
        asked = [
            activities.open_case,
            activities.look_up_people,
            activities.flush_case,
            activities.report_fault,
        ]
        worker = make_worker(
            client,
            TASK_QUEUE,
            [ComplaintWorkflow, PlanTask, TaskWorkflow],
            asked,
            cached=cached_in(settings.workflow_cache_mb),
            sandboxed=settings.workflow_sandbox,
        )
        checks: dict[str, Check] = {
            "nats": nats_check(nats, ROUTING_RECEIVED, ROUTING_EVENTS),
            "streams": streams_check(nats, publisher.storing, EVENTS_STREAM, QUARANTINE_STREAM),
            "temporal": temporal_check(client),
            "database": database.probe,
        }
        measures: list[Check] = [
            partial(measure_durables, nats, (ROUTING_RECEIVED, ROUTING_EVENTS)),
            partial(measure_quarantine, nats),
            partial(measure_streams, nats, EVENTS_STREAM, QUARANTINE_STREAM),
            partial(measure_queue, queue),
            condition.measure,
        ]
        condition.health = health = Health(checks, measures, state=connection_state(nats))
        http = http_server(health.app(), settings.health_port) if settings.health_port else None
        received = BatchDelivery(Delivery(NAME, publisher), ROUTING_RECEIVED, admission, size=BATCH)
        taking = [received.run(nats) for _ in range(AT_ONCE)]
        beside = (
            agreement.run(),
            worker.run(),
            dispatcher.run(),
            Rotation(texts).run(),
            Walk(client, store, live, UntoldSwaps(database)).run(),
            line.run(),
            batches.run(),
        )
        await run_until_stopped(broker, http, *beside, *taking, within=settings.shutdown_seconds)


def make_dispatcher(clock: MovedClock, queue: WaitingQueue, publisher: Publisher) -> Dispatcher:
    """Make the dispatcher. A complaint that cannot be started goes to the dead letters with its fact."""
    delivery = Delivery(NAME, publisher)

    async def bury(one: Arrival, error: Exception) -> None:
        await delivery.bury(event(Received.NAME, one.complaint_id), one.body, error)

    return Dispatcher(WorkflowStart(clock), queue, InFlight(queue), bury)


async def measure_queue(queue: WaitingQueue) -> None:
    """For `/metrics`."""
    measure_waiting(await queue.backlog())


def attach_facts(
    broker: HouseBroker, publisher: Publisher, admission: Admission, fact_consumer: FactConsumer
) -> None:
    """Put the facts about complaints that are here on their durable, and both kinds on redelivery."""
    Delivery(NAME, publisher).attach(broker, ROUTING_EVENTS, fact_consumer, workers=WORKERS)

    async def taken_again(message: Msg) -> Exception | None:
        if not message.subject.startswith(f"{EVENT}.{Received.NAME}."):
            await fact_consumer(message)
            return None
        (outcome,) = await admission([message])
        return outcome

    serve_redelivery(broker, NAME, taken_again)


def attach(
    broker: HouseBroker,
    publisher: Publisher,
    client: Client,
    policy: Policy,
    store: Store,
    texts: Texts,
    queue: WaitingQueue,
    live: LivePeople,
    line: QueueService,
    finder: SignalSearch,
    links: Links,
) -> Batches:
    """Put everything that routing answers on its subject. Returns the batches, which it finishes."""
    roster = {person.id: person for person in policy.pack.staff}
    aliases, interests = Aliases(publisher), Interests(publisher, policy.pack)
    find = WorkflowFinder(store, aliases)
    migrating = Migrating(client, store, policy, find)
    precedents = Precedents(store, aliases, policy.pack, interests.conflict)
    candidates = LiveCandidates(live, Choosing(store.database))
    commanding = Commanding(
        NAME,
        store.database,
        texts,
        client,
        find,
        roster,
        interests,
        publisher,
        {
            MigratePolicy.VERB: migrating.attach,
            Transfer.VERB: candidates.transfer,
            Change.VERB: candidates.transfer,
            HandOver.VERB: candidates.hand_over,
            AcceptTransfer.VERB: candidates.accept,
            Respond.VERB: measured(Substance(policy.pack.response)),
            MakeOffer.VERB: precedents.attach,
            Decide.VERB: precedents.attach,
        },
        remedy_codes(policy.pack),
        finder=finder,
    )
    digests = digests_of(store.database, texts.master)
    note = Once(
        store.database,
        digests,
        NoteWork(store, aliases, texts, roster, client, finder, interests.conflict),
        keeps=True,
    )
    gate = WordingGate(policy.pack)
    guarded = GuardedWording(gate, commanding.first, commanding)
    once = Once(store.database, digests, guarded.first, keeps=False, again=guarded.again)
    batches = Batches(store.database, once)
    many = Once(store.database, digests, batches, keeps=True)

    async def perhaps_many(request: CommandRequest, command: Command) -> BaseModel:
        return await (many if batches.many(command) else once)(request, command)

    about = {verb: row for verb, row in VERBS.items() if row.command.ABOUT_COMPLAINT}
    works: dict[str, CommandWork] = {verb: once if row.rule else note for verb, row in about.items()}
    works |= {HandOver.VERB: perhaps_many, AcceptTransfer.VERB: perhaps_many}
    signing = PresenceWork(store.database, digests, live, line.choosing, now, line.ring)
    swapping = SwapWork(store.database, digests, live, now, line.ring)
    signed: dict[str, PersonWork] = dict.fromkeys((SignOn.VERB, SignOff.VERB), signing)
    signed |= dict.fromkeys((ProposeSwap.VERB, AcceptSwap.VERB, RefuseSwap.VERB), swapping)
    serve_verbs(broker, NAME, works, texts.prepare, finder.prepare, signed)
    queries = Queries(policy, Policies(store.database), store, queue, publisher, interests.conflict, live)
    log_of_reads = ReadsWork(texts, policy.pack, interests.conflict)
    read = TextWork(
        texts,
        readers(policy.pack),
        now,
        interests.conflict,
        DepartmentReaders(publisher, policy.pack),
    )
    others: dict[type[Query], QueryWork] = {
        ExplainQuery: ExplainWork(NAME, VERBS),
        FairnessQuery: FairnessWork(store),
        ChangeEffectsQuery: EffectsWork(store, publisher, policy.pack.callbacks.satisfied_from),
        MigrationQuery: migrating.migration,
        PresenceQuery: signing.presence,
        TextQuery: read,
        ReadsQuery: log_of_reads,
        WordingQuery: WordingWork(gate),
        PrecedentQuery: precedents.query,
    }
    serve_queries(broker, NAME, queries.works() | others)
    serve_inside(broker, LINKS, NAME, LinkWork(links, store, once, now).answer())
    serve_inside(broker, keys(NAME), PROCESS, keys_answer(Rotation(texts)))
    serve_inside(broker, erasure(NAME), NAME, erasure_answer(Eraser(texts, now, Silencing(client))))
    serve_unknown(broker, NAME)
    return batches
