"""What a machine wrote: kept, never answered; it opens and promotes nothing."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from shared.contract import subjects
from tests.conftest import NatsServer
from tests.integration.grumbles import new_customer, new_grumble
from tests.integration.intake_service import Door, front_door, new_submission

BEGUN = ["received", "promise_made", "notice"]


@pytest.fixture
async def door(nats_server: NatsServer, tmp_path: Path) -> AsyncIterator[Door]:
    async with front_door(nats_server, tmp_path, f"sqlite:///{tmp_path}/intake.db") as door:
        yield door


async def send(door: Door, *messages: dict[str, Any]) -> None:
    for message in messages:
        await door.submit(message)
        await door.idle()


async def aside(door: Door) -> int:
    stream = await door.admin.jetstream().stream_info(
        subjects.QUARANTINE_STREAM, subjects_filter=subjects.quarantine("automatic")
    )
    return sum((stream.state.subjects or {}).values())


def reply(message: dict[str, Any], **data: Any) -> dict[str, Any]:
    """An automatic reply of the same customer."""
    mine, answer = new_submission(
        customer=message["data"]["customer"], order_ref=None, automatic=True, **data
    )
    return answer | {"complaint": mine}


async def test_an_automatic_reply_to_an_open_complaint_is_a_contact_without_a_notice(door: Door) -> None:
    complaint, first = new_submission()
    replies = [reply(first, narrative=f"Out of office. Re: {complaint}, {n}", title=None) for n in range(5)]
    same_id = first | {"data": first["data"] | {"narrative": "Out of office.", "automatic": True}}
    async with door.open():
        await send(door, first, *replies, same_id, replies[0])
        assert await door.names(complaint) == [*BEGUN, *["contact_added"] * 6]
        assert await door.names(replies[0]["complaint"]) == ["merged"]


async def test_what_belongs_to_nothing_is_quarantined_and_opens_and_promotes_nothing(door: Door) -> None:
    customer = new_customer()
    mine, grumbled = new_grumble(customer)
    second, again = new_grumble(customer, automatic=True)
    formal = grumbled | {"type": "complaints.submitted.v1", "data": grumbled["data"] | {"automatic": True}}
    alone, unknown = new_submission(automatic=True)
    async with door.open():
        before = await aside(door)
        await send(door, grumbled, again, formal, unknown, unknown)
        assert await door.names(mine) == ["grumbled", "notice"]
        assert await door.names(second) == await door.names(alone) == []
        assert await aside(door) == before + 4
