"""A complaint under the source and id of a grumble: its customer wants that treated as a complaint."""

from typing import Any

import pytest
from nats.aio.msg import Msg

from services.intake.admitting import admitted
from services.intake.registration import Registration
from services.intake.service import Intake, now
from shared.contract.subjects import query
from tests.integration.grumbles import ALONE, BEGUN, data_of, new_customer, new_grumble, order, state
from tests.integration.intake_service import Door, seen
from tests.integration.test_grumbles_of_complaints import waiting
from tests.integration.test_intake_joining import arrive, facts
from tests.unit.submissions import WEB, context

WORDS = "我现在正式投诉，请尽快退款。"
ASKED = [*BEGUN, "contact_added"]
Json = dict[str, Any]


pytestmark = pytest.mark.each_database


def both(customer: str | None = None, **changes: Any) -> tuple[str, Json, Json]:
    """A grumble, and the complaint under its source and id."""
    complaint, grumbled = new_grumble(customer or new_customer())
    said = grumbled["data"] | {"narrative": WORDS} | changes
    return complaint, grumbled, grumbled | {"type": "complaints.submitted.v1", "data": said}


async def test_a_grumble_is_promoted_once_and_the_complaint_about_it_is_a_contact(door: Door) -> None:
    loss = {"value": "5000.00", "currency": "CNY"}
    complaint, grumbled, formal = both(loss=loss)
    async with door.open():
        await arrive(door, grumbled)
        assert await door.names(complaint) == ALONE
        await arrive(door, formal, formal, grumbled)
        await arrive(door, formal)
        contact = await data_of(door, complaint, "contact_added")
        read = {"text_ref": contact["text_ref"], "actor": {"id": "agent-1"}, "purpose": "handling"}
        words = (await door.ask(query("text"), read))["result"]["text"]
        stands = (await state(door, complaint))["result"]
        later = await order(door, "promote", complaint)

    assert await door.names(complaint) == [*ALONE, *ASKED]
    assert [fact["data"]["seq"] for fact in await facts(door, complaint)] == [1, 2, 3, 4, 5, 6, 7]
    promoted = await data_of(door, complaint, "promoted")
    assert (promoted["because"], promoted["into"]) == ("request", complaint)
    assert promoted["actor"] == {"id": "customer", "role": "customer"}
    assert (contact["loss"], words) == (loss, WORDS)
    assert "alias" not in contact
    assert (stands["standing"], stands["because"]) == ("promoted", "request")
    assert later["error"]["code"] == "not_allowed_now"


async def test_a_grumble_in_a_batch_is_stored_before_it_is_promoted(door: Door) -> None:
    """Given to it as one: of two readers that take a part each, either may be the first."""
    complaint, grumbled, formal = both()
    await waiting(door, grumbled, formal, formal)

    async def at_once(intake: Intake, messages: list[Msg]) -> None:
        assert len(messages) == 3
        assert not any(await intake.submissions.work(messages))

    await door.crash(at_once)
    async with door.open():
        await door.idle()
        assert await door.names(complaint) == [*ALONE, *ASKED]


async def test_a_grumble_under_the_id_of_a_complaint_is_a_contact_of_it_once(door: Door) -> None:
    complaint, grumbled, formal = both()
    async with door.open():
        await arrive(door, formal)
        await arrive(door, grumbled, formal)
        await arrive(door, grumbled)
        assert await door.names(complaint) == [*BEGUN[1:], "contact_added", "notice"]


async def test_an_answered_grumble_is_promoted_too(door: Door) -> None:
    complaint, grumbled, formal = both()
    async with door.open():
        await arrive(door, grumbled)
        await order(door, "answer_grumble", complaint)
        await arrive(door, formal)
        assert await door.names(complaint) == [*ALONE, "grumble_answered", "notice", *ASKED]


async def test_a_promoted_grumble_is_not_promoted_again_and_gets_a_contact(door: Door) -> None:
    complaint, grumbled, formal = both()
    customer = new_customer()
    first, earlier, too_late = both(customer)
    async with door.open():
        await arrive(door, grumbled)
        await order(door, "promote", complaint)
        await arrive(door, formal)
        await arrive(door, earlier)
        await arrive(door, new_grumble(customer)[1])
        await arrive(door, too_late)
        assert await door.names(complaint) == [*ALONE, *BEGUN, "contact_added", "notice"]
        assert await door.names(first) == [*ALONE, "promoted"]


async def test_intake_that_dies_after_writing_publishes_once_after_the_restart(door: Door) -> None:
    complaint, grumbled, formal = both()
    async with door.open():
        await arrive(door, grumbled)
    await door.submit(formal)

    async def all_said() -> bool | None:
        return True if "contact_added" in await door.names(complaint) else None

    async def written(intake: Intake, messages: list[Msg]) -> None:
        await intake.store.record([read(message.data) for message in messages])

    async with door.short_memory() as forgotten:
        await door.crash(written)
        assert await door.names(complaint) == ALONE
        await forgotten()
        async with door.open():
            await door.idle()
            await seen(all_said)
            await arrive(door, formal)
            assert await door.names(complaint) == [*ALONE, *ASKED]


def read(body: bytes) -> Registration:
    return admitted(WEB, body, now(), context())
