"""Bad messages wait for being put aside without keeping the others, and without filling memory."""

import asyncio
from collections.abc import Sequence

from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.runtime.messages.quarantining import Destination, QuarantinedMessage
from shared.runtime.messages.shelf import AT_ONCE, MOST_BYTES, Shelf

VERDICT = Destination("complaints.v1.quarantine.invalid", "invalid", "no")


def bad(size: int = 10) -> QuarantinedMessage:
    return QuarantinedMessage(Msg(Client(), data=b"x" * size), VERDICT)


class Slow:
    """Puts aside only when it is allowed to."""

    def __init__(self) -> None:
        self.done: list[QuarantinedMessage] = []
        self.allowed = asyncio.Event()

    async def __call__(self, rejected: Sequence[QuarantinedMessage]) -> None:
        await self.allowed.wait()
        self.done.extend(rejected)


async def test_a_sender_of_bad_messages_does_not_wait_until_they_are_quarantined() -> None:
    slow, brought = Slow(), [bad() for _ in range(3 * AT_ONCE)]
    async with Shelf(slow) as shelf:
        await asyncio.wait_for(shelf.take(brought), 5)
        assert slow.done == []
        slow.allowed.set()
    assert slow.done == brought


async def test_a_sender_of_more_than_fits_waits_for_room() -> None:
    slow = Slow()
    async with Shelf(slow) as shelf:
        await asyncio.wait_for(shelf.take([bad(MOST_BYTES - 1)]), 5)
        bringing = asyncio.create_task(shelf.take([bad(1)]))
        finished, _ = await asyncio.wait([bringing], timeout=0.1)
        assert not finished
        slow.allowed.set()
        await asyncio.wait_for(bringing, 5)
    assert len(slow.done) == 2
