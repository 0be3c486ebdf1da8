"""What a machine wrote: kept, never answered; it opens and promotes nothing."""

from typing import Any

from shared.contract import subjects
from shared.runtime.messages.timeline import read_timeline
from tests.integration.grumbles import new_customer, new_grumble
from tests.integration.intake_service import Door, new_submission

BEGUN = ["received", "promise_made", "notice"]


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
        **{"customer": message["data"]["customer"], "order_ref": None, "automatic": True} | data
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


WORDS = [
    (
        "Automatic reply: Your complaint",
        "I am out of the office until Monday. For urgent matters contact the front desk.",
    ),
    (None, "自动回复：您的邮件我已收到，回来后会尽快回复。"),
    ("Undeliverable: Your complaint", "Your message could not be delivered: the mailbox is full."),
]


async def test_an_unmarked_automatic_message_is_recognised_by_its_wording_and_kept_with_the_newest_complaint(
    door: Door,
) -> None:
    complaint, first = new_submission()
    replies = [reply(first, automatic=None, title=title, narrative=text) for title, text in WORDS[:3]]
    person = reply(
        first, automatic=None, title=None, narrative=f"Re: {complaint}. Your auto-reply is no answer."
    )
    async with door.open():
        await send(door, first, *replies, person)
        assert await door.names(complaint) == [*BEGUN, *["contact_added"] * 4, "notice"]
        facts = await read_timeline(door.admin, complaint)
        contacts = [fact["data"] for fact in facts if "contact_added" in fact["type"]]
        assert [one.get("automatic") for one in contacts] == [True, True, True, None]
        assert not any("signals" in one for one in contacts[:3])


async def test_a_contact_of_a_machine_is_marked_by_its_wording(door: Door) -> None:
    complaint, first = new_submission()
    async with door.open():
        await send(door, first)
        for number, (text, automatic) in enumerate(
            [(WORDS[1][1], True), (WORDS[0][1], True), ("我收到你们的自动回复，但没人处理", None)]
        ):
            request = {
                "command_id": f"c-{number}",
                "complaint_id": complaint,
                "actor": {"id": "customer"},
                "data": {"channel": "email", "text": text},
            }
            assert (await door.ask(subjects.command("add_contact"), request))["ok"]
            last = (await read_timeline(door.admin, complaint))[-1]["data"]
            assert last.get("automatic") == automatic


async def test_an_automatic_message_without_a_complaint_is_quarantined_and_opens_and_promotes_nothing(
    door: Door,
) -> None:
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
