"""Intake takes turns over sources: a small source behind a large one does not wait for all of it."""

import asyncio
import json
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st
from nats.aio.client import Client
from nats.aio.msg import Msg

from services.intake.reading import source_of
from services.intake.service import AT_ONCE, BATCH
from shared.contract import subjects
from shared.contract.consumers import INTAKE_SUBMISSIONS
from shared.runtime.messages.looking_ahead import AHEAD, ASKED_AT_ONCE, LookingAhead
from shared.runtime.messages.pulling import MOST_BYTES
from shared.runtime.messages.turns import Turns

Take = Callable[[Msg], Awaitable[None]]


def submission(source: str, number: int, padding: int = 0) -> bytes:
    return json.dumps({"source": source, "id": str(number), "padding": "x" * padding}).encode()


def message(body: bytes, pending: int = 0, subject: str = subjects.submit("web"), client: Any = None) -> Msg:
    reply = f"$JS.ACK.{INTAKE_SUBMISSIONS.stream}.{INTAKE_SUBMISSIONS.name}.1.1.1.1.{pending}"
    return Msg(client or Client(), subject=subject, reply=reply, data=body)


def sources(messages: list[Msg]) -> list[str]:
    return [source_of(one) for one in messages]


class Server:
    """Durable on a server without a network: it answers each request with what the stream still holds."""

    def __init__(self, *bodies: bytes) -> None:
        self.held, self.given, self.open, self.back = deque(bodies), 0, 0, 0
        self.is_closed = False
        self._take: Take | None = None

    def new_inbox(self) -> str:
        return "_INBOX.test"

    async def subscribe(self, _: str, cb: Take) -> Any:
        async def unsubscribe() -> None:
            self._take = None

        self._take = cb
        return SimpleNamespace(unsubscribe=unsubscribe)

    async def publish(self, _: str, payload: bytes, reply: str = "", **__: Any) -> None:
        if payload == Msg.Ack.Nak:
            self.back += 1
            return
        self.open += orjson.loads(payload)["batch"]
        await self.answer()

    async def send(self, *bodies: bytes) -> None:
        self.held.extend(bodies)
        await self.answer()

    async def answer(self) -> None:
        while self.held and self.open and self._take:
            self.open -= 1
            body = self.held.popleft()
            self.given += 1
            await self._take(message(body, len(self.held), client=self))

    def reader(self) -> LookingAhead:
        return LookingAhead(cast(Client, self), INTAKE_SUBMISSIONS, BATCH, source_of)


async def test_the_ten_of_a_small_source_behind_a_thousand_are_among_the_first_fifty() -> None:
    large = [submission("large", number) for number in range(1000)]
    server = Server(*large, *(submission("small", number) for number in range(10)))
    async with server.reader() as reader:
        first = (await reader.batch())[:50]
    assert Counter(sources(first))["small"] == 10
    own = [one.data for one in first if source_of(one) == "large"]
    assert own == large[: len(own)]


async def test_a_small_source_that_comes_later_waits_for_the_batches_in_work_only() -> None:
    server = Server(*(submission("large", number) for number in range(1000)))
    async with server.reader() as reader:
        for _ in range(AT_ONCE):
            assert set(sources(await reader.batch())) == {"large"}
        await server.send(*(submission("small", number) for number in range(10)))
        assert Counter(sources((await reader.batch())[:50]))["small"] == 10


async def test_one_submission_is_taken_at_once() -> None:
    server = Server()
    async with server.reader() as reader:
        taken = asyncio.create_task(reader.batch())
        await asyncio.sleep(0)
        await server.send(submission("one", 1))
        assert sources(await asyncio.wait_for(taken, 5)) == ["one"]


async def test_what_waits_is_limited_in_number_and_in_bytes() -> None:
    many = Server(*(submission("large", number) for number in range(3 * AHEAD)))
    async with many.reader() as reader:
        await reader.batch()
        assert AHEAD - ASKED_AT_ONCE < many.given <= AHEAD
    assert many.back == many.given - BATCH
    size = 200_000
    heavy = Server(*(submission("heavy", number, size) for number in range(1000)))
    async with heavy.reader() as reader:
        await reader.batch()
        assert heavy.given * size <= MOST_BYTES + ASKED_AT_ONCE * size


def test_what_names_no_source_takes_the_turns_of_its_client() -> None:
    from_shop = subjects.from_client("shop", subjects.submit("web"))
    junk = [message(body, subject=from_shop) for body in (b"\xff", b"{", b"[]", b'{"source": 3}')]
    assert len(set(sources(junk))) == 1
    assert sources(junk)[:1] != sources([message(b"{")])


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.one_of(st.sampled_from("ABCD"), st.none()), max_size=80))
def test_each_source_has_one_taken_before_any_has_its_next_and_keeps_its_order(
    steps: list[str | None],
) -> None:
    turns, numbers = Turns(source_of), Counter[str]()
    waiting: dict[str, deque[bytes]] = {}
    since: dict[str, Counter[str]] = {}
    for source in steps:
        if source:
            body = submission(source, numbers[source])
            numbers[source] += 1
            turns.append(message(body))
            waiting.setdefault(source, deque()).append(body)
            since.setdefault(source, Counter())
        elif turns:
            taken = turns.popleft()
            of = source_of(taken)
            assert taken.data == waiting[of].popleft()
            for other, passed in since.items():
                passed[of] += 1
                assert other == of or passed[of] <= 1, (other, of)
            since.pop(of)
            if waiting[of]:
                since[of] = Counter()
            else:
                del waiting[of]
    assert sorted(one.data for one in turns) == sorted(body for line in waiting.values() for body in line)
    assert len(turns) == sum(map(len, waiting.values()))
