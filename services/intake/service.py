"""Intake, wired: the only place that knows all of its parts."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime

from faststream.nats import NatsBroker

from services.intake.commands import AddContactWork, roster
from services.intake.consumers import Submissions
from services.intake.contacts import Contacts
from services.intake.queries import text_work
from services.intake.registration import Desk, Registration
from services.intake.settings import IntakeSettings
from services.intake.store import Recorded, Store
from shared.contract.commands import AddContact
from shared.contract.consumers import INTAKE_SUBMISSIONS
from shared.contract.queries import TextQuery
from shared.contract.subjects import Service, command, query
from shared.policy.loader import load_policy
from shared.runtime import migrations
from shared.runtime.batch import Batcher
from shared.runtime.broker import make_broker
from shared.runtime.database import Database
from shared.runtime.delivery import Delivery
from shared.runtime.health import Health, http_server, nats_check
from shared.runtime.publishing import Publisher
from shared.runtime.requests import command_answer, query_answer, serve
from shared.runtime.running import run_until_stopped
from shared.runtime.texts import MasterKey, Texts

NAME = Service.INTAKE
WORKERS = 512
BATCH = 256


def now() -> datetime:
    return datetime.now(UTC)


async def run(settings: IntakeSettings) -> None:
    """Run intake until it is told to stop."""
    desk = Desk.under(load_policy(settings.policy))
    master = MasterKey.from_file(settings.master_key_file)
    async with AsyncExitStack() as held:
        database = Database(settings.intake_database_url)
        held.callback(database.close)
        await asyncio.to_thread(migrations.upgrade, NAME, database)
        texts = Texts(NAME, database, master)
        store = Store(database, texts)
        held.push_async_callback(store.flush)
        record = await held.enter_async_context(Batcher(store.record, BATCH))
        broker = make_broker(NAME, settings)
        publisher = Publisher()
        attach(broker, publisher, desk, record, store)
        client = await broker.connect()
        publisher.connect(client)
        health = Health({"nats": nats_check(client, INTAKE_SUBMISSIONS), "database": database.ping})
        http = http_server(health.app(), settings.health_port) if settings.health_port else None
        await run_until_stopped(broker, http)


def attach(
    broker: NatsBroker,
    publisher: Publisher,
    desk: Desk,
    record: Batcher[Registration, Recorded],
    store: Store,
) -> None:
    """Put everything that intake answers on its subject."""
    pack, database, texts = desk.policy.pack, store.database, store.texts
    submissions = Submissions(desk, record, store, publisher, now)
    Delivery(NAME, publisher).attach(broker, INTAKE_SUBMISSIONS, submissions, workers=WORKERS)
    contact = AddContactWork(Contacts(texts), database, publisher, roster(pack), now)
    serve(broker, command(AddContact.VERB), NAME, command_answer(AddContact.VERB, contact))
    serve(broker, query(TextQuery.NAME), NAME, query_answer(TextQuery.NAME, text_work(texts, pack, now)))
