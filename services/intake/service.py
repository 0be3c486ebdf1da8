"""Intake, wired: the only place that knows all of its parts."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg

from services.intake.activities import Activities
from services.intake.commands import AddContactWork, roster
from services.intake.complaint_status import ComplaintStatus, statuses_of
from services.intake.consumers import Submissions
from services.intake.contacts import Contacts
from services.intake.duplicates.confirm_duplicate import ConfirmDuplicateWork
from services.intake.duplicates.joining import Joining
from services.intake.duplicates.link_customer import LinkCustomerWork
from services.intake.erasure.commands import EraseWork
from services.intake.erasure.erasing import Erasing
from services.intake.fair_quarantine import FairQuarantine
from services.intake.grumbles.admitting import Grumbles
from services.intake.grumbles.commands import GrumbleCommands
from services.intake.grumbles.temporal_side import TemporalSide
from services.intake.ledger import all_facts, last_seqs
from services.intake.publishing import LedgerPublisher
from services.intake.queries import GrumbleWork, reused_answer, text_work
from services.intake.reading import finding_beside, masking_beside, source_of
from services.intake.rebuilding_rows import LostRows
from services.intake.registration import IntakeContext
from services.intake.rejected import RejectedWork
from services.intake.store import Store
from services.intake.verbs import VERBS
from shared.contract.commands import AddContact, AnswerGrumble, ConfirmDuplicate, Erase, LinkCustomer, Promote
from shared.contract.consumers import INTAKE_EVENTS, INTAKE_SUBMISSIONS
from shared.contract.outgoing import Outgoing
from shared.contract.queries import ExplainQuery, GrumbleQuery, ReadsQuery, RejectedQuery, TextQuery
from shared.contract.subjects import (
    EVENTS_STREAM,
    QUARANTINE_STREAM,
    REUSED,
    SUBMIT,
    SUBMIT_STREAM,
    Service,
    keys,
    rebuild,
    spoken_by,
)
from shared.contract.subjects import health as asked_health
from shared.runtime.connections.side_by_side import first_look
from shared.runtime.gauges import measure_durables, measure_quarantine, measure_streams
from shared.runtime.health import Check, Health, connection_state, http_server, nats_check, streams_check
from shared.runtime.messages.batch_delivery import BatchDelivery
from shared.runtime.messages.broker import HouseBroker, connected, make_broker
from shared.runtime.messages.delivery import Delivery
from shared.runtime.messages.explaining import ExplainWork
from shared.runtime.messages.handing_over import handed_over
from shared.runtime.messages.interests import Interests
from shared.runtime.messages.once import Once
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.rebuilding import Page, rebuild_answer
from shared.runtime.messages.redelivery import serve_redelivery
from shared.runtime.messages.requests import CommandWork, serve_inside
from shared.runtime.messages.serving import serve_queries, serve_verbs
from shared.runtime.policy_in_force import policy_in_force
from shared.runtime.probes.agreement import Agreement
from shared.runtime.probes.asked import Condition
from shared.runtime.probes.flushes import Flushes
from shared.runtime.running import run_until_stopped
from shared.runtime.service_settings import ServiceSettings
from shared.runtime.side_work import SideWork
from shared.runtime.storage.database import Database
from shared.runtime.storage.opening import opened
from shared.runtime.texts.covering import Covering
from shared.runtime.texts.digests import digests_of
from shared.runtime.texts.erasing import Eraser
from shared.runtime.texts.keeping import Texts
from shared.runtime.texts.master_key import MasterKey
from shared.runtime.texts.reads import ReadsWork
from shared.runtime.texts.rotation import PROCESS, Rotation, keys_answer
from shared.runtime.texts.signal_search import SignalSearch
from shared.runtime.texts.wording import only_sendable
from shared.runtime.workflows.garbage import spare_what_stays
from shared.wording.gate import WordingGate

NAME = Service.INTAKE

BATCH, AT_ONCE = 64, 2
"""Number of submissions in a transaction, and of batches in work: while one batch waits for the disk, another
is prepared. A source that has only begun to send waits for these.
"""


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Intake:
    """Intake, connected but not yet taking anything."""

    broker: HouseBroker
    store: Store
    health: Health
    submissions: BatchDelivery
    client: Client
    ledger_publisher: LedgerPublisher
    temporal_side: TemporalSide
    erasing: Erasing
    agreement: Agreement

    def background(self) -> list[Coroutine[Any, Any, None]]:
        """Background tasks that run beside the broker."""
        rotation = Rotation(self.store.texts)
        mending = (
            self.agreement.run(),
            self.ledger_publisher.left_behind(),
            self.erasing.left_behind(),
            rotation.run(),
        )
        return [self.submissions.run(self.client), *mending, self.temporal_side.run(self.client)]


async def run(settings: ServiceSettings) -> None:
    """Run intake until it is stopped. Raises `PolicyError` or `UnusableMasterKey` at once."""
    async with assembled(settings) as intake:
        http = http_server(intake.health.app(), settings.health_port) if settings.health_port else None
        background, within = intake.background(), settings.shutdown_seconds
        await run_until_stopped(intake.broker, http, *background, within=within)


@asynccontextmanager
async def assembled(settings: ServiceSettings) -> AsyncIterator[Intake]:
    """All parts put together, the database up to date, NATS reached."""
    policy = policy_in_force(settings.policy, now().date())
    context = IntakeContext.under(policy)
    beside = SideWork(IntakeContext.under, policy, state=context)
    master = MasterKey.from_file(settings.master_key_file)
    database = Database(settings.database_url)
    try:
        await opened(NAME, database)
        texts = Texts(NAME, database, master, Covering(context.mask, masking_beside(beside)))
        publisher = Publisher()

        async def statuses(complaints: Iterable[str]) -> Mapping[str, ComplaintStatus]:
            return await statuses_of(publisher.client, complaints, now())

        finder = SignalSearch(context.finder, finding_beside(beside))
        joining, grumbles = Joining(texts, context.policy), Grumbles(texts, context.policy, finder)
        digests = await asyncio.to_thread(digests_of, database, master)
        store = Store(database, texts, grumbles, joining, statuses, digests)
        intake = await _connected(settings, context, beside, store, publisher, finder)
        spare_what_stays()
        yield intake
        await store.flush()
    finally:
        beside.close()
        database.close()


async def _connected(
    settings: ServiceSettings,
    context: IntakeContext,
    beside: SideWork[IntakeContext],
    store: Store,
    publisher: Publisher,
    finder: SignalSearch,
) -> Intake:
    broker = make_broker(NAME, settings)
    flushes = Flushes(NAME)
    ledger_publisher, steps = LedgerPublisher(store.database, publisher, flushes), store.steps
    delivery = Delivery(NAME, publisher, FairQuarantine(publisher).room)
    side = TemporalSide(settings, delivery, store.database, Activities(steps, ledger_publisher), now)
    pack = context.policy.pack
    interests = Interests(publisher, pack)
    grumbled = GrumbleCommands(steps, ledger_publisher, roster(pack), side.clock_of, interests)
    erasing = Erasing(ledger_publisher, Eraser(store.texts, now), now)
    _answer(broker, ledger_publisher, erasing, grumbled, context, store, interests, finder)
    serve_inside(broker, REUSED, NAME, reused_answer(context, store, now))
    agreement = Agreement(NAME, store.database, publisher, last_seqs)
    condition = Condition(NAME, context.policy.identity, store.database, publisher, flushes, agreement)
    serve_inside(broker, asked_health(NAME), PROCESS, condition.answer())
    await first_look(settings.nats, settings.temporal, NAME)
    client = await connected(broker, settings, NAME)
    publisher.connect(client)
    streams = (SUBMIT_STREAM, EVENTS_STREAM, QUARANTINE_STREAM)
    durables = (INTAKE_SUBMISSIONS, INTAKE_EVENTS)
    measures: list[Check] = [
        partial(measure_durables, client, durables),
        partial(measure_quarantine, client),
        partial(measure_streams, client, *streams),
        condition.measure,
    ]
    checks: dict[str, Check] = {
        "nats": nats_check(client, *durables),
        "streams": streams_check(client, publisher.storing, *streams),
        "database": store.database.probe,
    }
    condition.health = health = Health(checks, measures, state=connection_state(client))
    work = Submissions(context, store, publisher, now, beside, broker.clients)
    serve_redelivery(broker, NAME, partial(taken_again, work, side))
    rows = LostRows(store.database, publisher, context.policy)
    works = {"workflows": side.rebuilt, "facts": _facts(store), "rows": rows.page}
    serve_inside(broker, rebuild(NAME), NAME, rebuild_answer(works))
    submissions = BatchDelivery(
        delivery, INTAKE_SUBMISSIONS, work, size=BATCH, at_once=AT_ONCE, source_of=source_of
    )
    return Intake(broker, store, health, submissions, client, ledger_publisher, side, erasing, agreement)


def _facts(store: Store) -> Page:
    async def load(first: str, limit: int) -> list[tuple[str, list[Outgoing]]]:
        return await store.database.read(partial(all_facts, first=first, limit=limit))

    return handed_over(load)


async def taken_again(submissions: Submissions, side: TemporalSide, message: Msg) -> Exception | None:
    """Handle a message again that an admin hands over, with the consumer of its kind."""
    if spoken_by(message.subject)[1].startswith(f"{SUBMIT}."):
        (outcome,) = await submissions([message])
        return outcome
    return await side.again(message)


def _answer(
    broker: HouseBroker,
    ledger_publisher: LedgerPublisher,
    erasing: Erasing,
    grumbled: GrumbleCommands,
    context: IntakeContext,
    store: Store,
    interests: Interests,
    finder: SignalSearch,
) -> None:
    """Put everything that intake answers on its subject."""
    pack, texts = context.policy.pack, store.texts
    contacts = Contacts(texts, store.steps, finder, context.names)
    works: dict[str, CommandWork] = {
        AddContact.VERB: AddContactWork(contacts, ledger_publisher, roster(pack), now, interests),
        ConfirmDuplicate.VERB: ConfirmDuplicateWork(ledger_publisher, texts, roster(pack), now, interests),
        LinkCustomer.VERB: LinkCustomerWork(ledger_publisher, texts, pack, roster(pack), now, interests),
        AnswerGrumble.VERB: only_sendable(WordingGate(pack), grumbled),
        Promote.VERB: grumbled,
        Erase.VERB: EraseWork(erasing, ledger_publisher, roster(pack), now, interests),
    }
    once = {
        verb: Once(ledger_publisher.database, store.digests, work, keeps=True) for verb, work in works.items()
    }
    serve_verbs(broker, NAME, once, texts.prepare, finder.prepare)
    serve_queries(
        broker,
        NAME,
        {
            ExplainQuery: ExplainWork(NAME, VERBS),
            GrumbleQuery: GrumbleWork(ledger_publisher.database),
            RejectedQuery: RejectedWork(ledger_publisher.publisher),
            TextQuery: text_work(texts, pack, now, interests.conflict, ledger_publisher.publisher),
            ReadsQuery: ReadsWork(texts, pack, interests.conflict),
        },
    )
    serve_inside(broker, keys(NAME), PROCESS, keys_answer(Rotation(texts)))
