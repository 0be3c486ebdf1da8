"""Who waits for a case and who is started when, on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from services.routing.admission import dispatcher as dispatching
from services.routing.admission import queue as waiting_line
from services.routing.admission.dispatcher import Dispatcher
from services.routing.admission.in_flight import InFlight
from services.routing.admission.queue import Arrival, WaitingQueue
from services.routing.consumers import FactConsumer, NotHereYet
from services.routing.store import Store
from shared.contract.events import Closed, FactHeader
from shared.contract.ids import complaint_id
from shared.contract.outgoing import outgoing
from shared.contract.subjects import Service
from shared.contract.values import SYSTEM, PolicyId, Stage
from shared.policy.loader import load_policy
from shared.runtime.messages.delivery import MAX_ATTEMPTS
from shared.runtime.messages.interests import Interests
from shared.runtime.messages.outage import NotYet, is_outage
from shared.runtime.messages.publishing import Publisher
from shared.runtime.storage import migrations
from shared.runtime.storage.database import Database
from tests.conftest import NatsServer
from tests.patience import PATIENCE
from tests.temporal import TemporalServer
from tests.unit.cases import MONDAY

ROOM = 4


@pytest.fixture
def queue(database_url: str) -> Iterator[WaitingQueue]:
    database = Database(database_url)
    migrations.upgrade("routing", database)
    yield WaitingQueue(database)
    database.close()


def arrival(name: str, severity: int = 3, hours: int = 0, source: str = "") -> Arrival:
    return Arrival(name, severity, MONDAY + timedelta(hours=hours), b"{}", source=source)


class Temporal:
    """Starts workflows, unless it is away; whoever is named in `refuses` never."""

    def __init__(self, *, away: bool = False, refuses: str = "") -> None:
        self.started: list[str] = []
        self.tried = 0
        self.away = away
        self.refuses = refuses
        self.something = asyncio.Event()

    async def __call__(self, one: Arrival) -> None:
        self.tried += 1
        self.something.set()
        if self.away:
            raise ConnectionError
        if one.complaint_id == self.refuses:
            raise ValueError
        self.started.append(one.complaint_id)

    async def has_started(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while len(self.started) < count:
                self.something.clear()
                await self.something.wait()


class Opened(InFlight):
    """Cases are opened as soon as their workflows are started."""

    async def room(self) -> int:
        self._since.clear()
        return self._most


@asynccontextmanager
async def at_work(queue: WaitingQueue, temporal: Temporal, buried: list[str]) -> AsyncIterator[Dispatcher]:
    async def bury(one: Arrival, _: Exception) -> None:
        buried.append(one.complaint_id)
        temporal.something.set()

    dispatcher = Dispatcher(temporal, queue, Opened(queue, ROOM), bury)
    running = asyncio.create_task(dispatcher.run())
    try:
        yield dispatcher
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def idle(dispatcher: Dispatcher) -> None:
    """Until it has seen that nobody waits."""
    async with asyncio.timeout(PATIENCE):
        while dispatcher._waiting:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_the_gravest_complaint_is_first_and_the_longest_waiting_among_equals(
    queue: WaitingQueue,
) -> None:
    await queue.join([arrival("C1", 2), arrival("C2", 5, hours=1), arrival("C3", 5), arrival("C4", 4)])
    await queue.join([arrival("C1", 5)])
    assert [one.complaint_id for one in await queue.claim(2)] == ["C3", "C2"]
    assert [one.complaint_id for one in await queue.claim(2)] == ["C4", "C1"]
    assert (await queue.claim(2), await queue.has_free_row()) == ([], False)
    await queue.release(["C1", "C4", "C3", "C2"])
    assert await queue.has_free_row()
    assert [one.complaint_id for one in await queue.claim(10)] == ["C3", "C2", "C4", "C1"]
    waiting = (await queue.backlog()).waiting
    assert [(one.severity, one.count) for one in waiting] == [(5, 2), (4, 1), (2, 1)]
    assert waiting[0].oldest_received_at == MONDAY
    await queue.leave(["C1", "C2", "C3"])
    assert (await queue.holds("C4"), await queue.holds("C1")) == (True, False)


async def names(queue: WaitingQueue, limit: int, patient: int = 0) -> list[str]:
    return [one.complaint_id for one in await queue.claim(limit, patient)]


async def test_ten_of_a_small_source_behind_a_thousand_have_every_second_place(queue: WaitingQueue) -> None:
    large = [arrival(f"L{number:04}", source="large") for number in range(1000)]
    for start in range(0, 1000, 250):
        await queue.join(large[start : start + 250])
    await queue.join([arrival(f"S{number}", hours=1, source="small") for number in range(10)])
    await queue.join([arrival("D1", 5, hours=2, source="large")])
    first = await names(queue, 22)
    assert first[0] == "D1"
    assert sum(name.startswith("S") for name in first) == 10
    assert [name for name in first if name.startswith("L")] == [one.complaint_id for one in large[:11]]


async def test_a_small_source_that_comes_late_begins_at_the_turn_that_is_reached(queue: WaitingQueue) -> None:
    await queue.join([arrival(f"L{number:02}", source="large") for number in range(40)])
    begun = await names(queue, 20)
    await queue.leave(begun)
    await queue.join([arrival(f"S{number}", hours=1, source="small") for number in range(3)])
    await queue.leave(await names(queue, 7))
    await queue.join([arrival("S9", hours=1, source="small")])  # its former ones have gone: no credit
    assert await names(queue, 3) == ["L24", "L25", "S9"]


async def test_a_row_that_rests_gives_nobody_its_old_turn(queue: WaitingQueue) -> None:
    await queue.join([arrival(f"L{number:02}", source="large") for number in range(30)])
    await queue.leave((await names(queue, 20))[1:])
    await queue.rest("L00", 3600.0)
    await queue.join([arrival(f"S{number}", source="small") for number in range(3)])
    assert await names(queue, 4) == ["L20", "L21", "S0", "L22"]


async def test_a_complaint_that_waited_too_long_gets_a_share_of_the_starts_before_graver_ones(
    queue: WaitingQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    await queue.join([arrival("C0", 1)])
    later = waiting_line.now() + waiting_line.LONG
    monkeypatch.setattr(waiting_line, "now", lambda: later)
    await queue.join([arrival(f"G{number}", 5) for number in range(8)])
    assert "C0" not in await names(queue, 3)
    assert "C0" in await names(queue, 2, patient=1)


async def test_two_processes_never_have_the_same_and_what_a_dead_one_had_comes_back(
    queue: WaitingQueue, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await queue.join([arrival(f"C{number:02}") for number in range(40)])
    other = WaitingQueue(Database(database_url))
    claims = await asyncio.gather(*((queue, other)[number % 2].claim(5) for number in range(10)))
    taken = [one.complaint_id for claim in claims for one in claim]
    assert len(taken) == len(set(taken)) == 40
    await queue.rest("C07", 0.0)
    (rested,) = await other.claim(5)
    assert (rested.complaint_id, rested.attempts) == ("C07", 1)
    later = waiting_line.now() + waiting_line.LEASE
    monkeypatch.setattr(waiting_line, "now", lambda: later)
    assert {one.complaint_id for one in await queue.claim(100)} == set(taken)
    other._database.close()


async def test_a_complaint_at_one_process_does_not_overtake_complaints_that_wait_for_another(
    queue: WaitingQueue,
) -> None:
    temporal = Temporal()
    async with at_work(queue, temporal, []) as dispatcher:
        await idle(dispatcher)
        await queue.join([arrival("C1", 1)])  # by another process, which does not wake this one
        assert await dispatcher.start_at_once([arrival("C2", 5)]) == [arrival("C2", 5)]


async def test_a_complaint_that_meets_an_empty_queue_is_started_at_once(
    queue: WaitingQueue,
) -> None:
    temporal = Temporal()
    async with at_work(queue, temporal, []) as dispatcher:
        await idle(dispatcher)
        assert await dispatcher.start_at_once([arrival("C1")]) == []
        many = [arrival(f"C{number}") for number in range(ROOM + 1)]
        assert await dispatcher.start_at_once(many) == many
    assert temporal.started == ["C1"]
    assert (await queue.backlog()).waiting == []


async def test_a_fact_about_a_queued_complaint_waits_with_it_without_limit(
    queue: WaitingQueue, temporal_server: TemporalServer, nats_server: NatsServer
) -> None:
    publisher, client = Publisher(), await nats_server.connect("routing")
    publisher.connect(client)
    interests = Interests(publisher, load_policy("default").pack)
    fact_consumer = FactConsumer(
        await temporal_server.connect(), Store(queue._database), queue, publisher, interests
    )
    complaint = complaint_id("tests", "in-line")
    fact = followup_fact(complaint)
    with pytest.raises(NotHereYet):
        await fact_consumer(fact)
    await queue.join([arrival(complaint)])
    with pytest.raises(NotYet) as waits:
        await fact_consumer(fact)
    assert is_outage(waits.value)
    await client.close()


def followup_fact(complaint: str) -> Msg:
    """Followup has closed a complaint."""
    policy = PolicyId(id="default", hash="0")
    header = FactHeader(
        complaint_id=complaint, seq=1, cycle=1, stage=Stage.CLOSED, actor=SYSTEM, policy=policy
    )
    fact = outgoing(Service.FOLLOWUP, header, Closed(outcome="satisfied"), MONDAY)
    return Msg(Client(), subject=fact.subject, data=fact.body)


async def test_complaints_queue_while_temporal_is_away_and_start_when_it_is_back(
    queue: WaitingQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatching, "LONGEST_PAUSE", 0.01)
    temporal = Temporal()
    async with at_work(queue, temporal, []) as dispatcher:
        await idle(dispatcher)
        temporal.away = True
        staying = await dispatcher.start_at_once([arrival("C1", 2)])
        assert [one.complaint_id for one in staying] == ["C1"]
        assert await dispatcher.start_at_once([arrival("C2")]) == [arrival("C2")]
        await queue.join([*staying, arrival("C2")])
        dispatcher.wake()
        temporal.away = False
        await temporal.has_started(2)
        await idle(dispatcher)
    assert temporal.started == ["C2", "C1"]
    assert (await queue.backlog()).waiting == []


async def test_a_complaint_that_cannot_be_started_rests_and_ends_as_a_dead_letter_while_others_start(
    queue: WaitingQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatching, "delay", lambda _: 0.0)
    monkeypatch.setattr(dispatching, "IDLE_SECONDS", 0.01)
    temporal, buried = Temporal(refuses="C0"), list[str]()
    await queue.join([arrival("C0", 5), *(arrival(f"C{number}") for number in range(1, 10))])
    async with at_work(queue, temporal, buried):
        await temporal.has_started(9)
        async with asyncio.timeout(PATIENCE):
            while not buried:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            while await queue.holds("C0"):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert buried == ["C0"]
    assert temporal.tried == 9 + MAX_ATTEMPTS
