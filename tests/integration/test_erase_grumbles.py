"""What erasing does to grumbles, whose timers and standings are beside the record."""

import secrets

from shared.contract.subjects import query
from tests.conftest import NatsServer
from tests.integration.grumbles import grumble
from tests.integration.grumbles import order as grumble_order
from tests.integration.intake_service import Door
from tests.integration.test_erase_command import (
    OTHERS,
    _order,
    answering,
    erase,
    order,
    submitted,
    texts_left,
)


async def test_an_erased_grumble_rests_and_no_answer_is_requested(
    door: Door, nats_server: NatsServer
) -> None:
    async with door.open(), answering(nats_server, *OTHERS):
        customer = f"customer-{secrets.token_hex(6)}"
        complaint = await grumble(door, customer)
        reply = await erase(door, order(complaint))
        asked = await door.ask(query("grumble"), {"complaint_id": complaint})
        answered = await grumble_order(door, "answer_grumble", complaint)
        promoted = await grumble_order(door, "promote", complaint)
        later = await grumble(door, customer)

    assert reply["ok"], reply
    assert (asked["result"]["standing"], asked["result"]["allowed"]) == ("erased", ["add_contact", "erase"])
    for refused in (answered, promoted):
        assert refused["error"]["code"] == "not_allowed_now"
        assert "erased" in refused["error"]["message"]
    assert "promoted" not in await door.names(later)


async def test_a_grumble_that_joined_is_erased_with_its_complaint_and_stays_what_it_is(
    door: Door, nats_server: NatsServer
) -> None:
    async with door.open() as intake, answering(nats_server, *OTHERS) as told:
        customer, own = f"customer-{secrets.token_hex(6)}", {"order_ref": f"order-{secrets.token_hex(6)}"}
        complaint = await submitted(door, customer={"ref": customer}, **own)
        joined = await grumble(door, customer, **own)
        reply = await erase(door, order(joined))
        asked = await door.ask(query("grumble"), {"complaint_id": joined})
        left = [await texts_left(intake, one) for one in (complaint, joined)]

    assert (reply["complaint_id"], reply["events"]) == (complaint, ["erased"])
    assert [set(_order(one)["complaint_ids"]) for one in told] == [{complaint, joined}] * len(OTHERS)
    assert left == [[], []]
    assert (asked["result"]["standing"], asked["result"]["into"]) == ("joined", complaint)
