"""Intake, wired: the only place that knows all of its parts."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime

from faststream.nats import NatsBroker

from services.intake.commands import AddContactWork, roster
from services.intake.consumers import Submissions
from services.intake.contacts import Contacts
from services.intake.queries import text_work
from services.intake.registration import Desk
from services.intake.settings import IntakeSettings
from services.intake.store import Store
from shared.contract.commands import AddContact
from shared.contract.consumers import INTAKE_SUBMISSIONS
from shared.contract.queries import TextQuery
from shared.contract.subjects import Service, command, query
from shared.policy.loader import load_policy
from shared.runtime import migrations
from shared.runtime.batches import BatchDelivery
from shared.runtime.broker import make_broker
from shared.runtime.database import Database
from shared.runtime.delivery import Delivery
from shared.runtime.health import Health, http_server, nats_check
from shared.runtime.publishing import Publisher
from shared.runtime.requests import command_answer, query_answer, serve
from shared.runtime.running import run_until_stopped
from shared.runtime.texts import MasterKey, Texts

NAME = Service.INTAKE

BATCH, AT_ONCE = 256, 2
"""So many submissions in a transaction; while one batch waits for the disk, another is prepared."""


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
        store = Store(database, Texts(NAME, database, master))
        held.push_async_callback(store.flush)
        broker, publisher = make_broker(NAME, settings), Publisher()
        answer(broker, publisher, desk, store)
        client = await broker.connect()
        publisher.connect(client)
        health = Health({"nats": nats_check(client, INTAKE_SUBMISSIONS), "database": database.ping})
        http = http_server(health.app(), settings.health_port) if settings.health_port else None
        batches = submissions(publisher, desk, store)
        await run_until_stopped(broker, http, *(batches.run(client) for _ in range(AT_ONCE)))


def submissions(publisher: Publisher, desk: Desk, store: Store) -> BatchDelivery:
    """The way in for submissions."""
    work = Submissions(desk, store, publisher, now)
    return BatchDelivery(Delivery(NAME, publisher), INTAKE_SUBMISSIONS, work, size=BATCH)


def answer(broker: NatsBroker, publisher: Publisher, desk: Desk, store: Store) -> None:
    """Put everything that intake answers on its subject."""
    pack, database, texts = desk.policy.pack, store.database, store.texts
    contact = AddContactWork(Contacts(texts), database, publisher, roster(pack), now)
    serve(broker, command(AddContact.VERB), NAME, command_answer(AddContact.VERB, contact))
    serve(broker, query(TextQuery.NAME), NAME, query_answer(TextQuery.NAME, text_work(texts, pack, now)))
