"""What a second submission brings: kept where it joins; a complaint of its own where it is another matter."""

import orjson
import pytest

from tests.integration.intake_service import Door, new_submission
from tests.integration.test_intake_joining import OPENED, arrive, facts, person, text

pytestmark = pytest.mark.each_database


async def test_everything_that_a_joined_submission_brings_is_published_as_codes_and_its_texts_are_encrypted(
    door: Door,
) -> None:
    customer = person()
    first, message = new_submission(customer=customer)
    brings = {
        "loss": {"value": "120.00", "currency": "CNY"},
        "remedy_sought": "repair",
        "unit": "shop-9",
        "about_staff": "agent-7",
        "attachments": ["https://files.example/a.jpg"],
        "representative": {"ref": "rep-1", "relation": "lawyer", "name": "不见律师"},
        "group_ref": "group-4",
        "hints": {"category": "product", "severity": 2},
        "customer": customer | {"vip": True},
    }
    _, again = new_submission(order_ref=message["data"]["order_ref"], **brings)
    async with door.open():
        await arrive(door, message, again)
        contact = (await facts(door, first))[3]["data"]
        for name in ("loss", "remedy_sought", "unit", "about_staff", "group_ref"):
            assert contact[name] == brings[name], name
        assert (contact["attachments"], contact["vip"], contact["hints"]["severity"]) == (1, True, 2)
        assert contact["representative"] == {"ref": "rep-1", "relation": "lawyer"}
        details = orjson.loads(await text(door, contact["text_refs"]["details"]))
        for name in ("loss", "remedy_sought", "unit", "about_staff", "group_ref"):
            assert details[name] == brings[name], name
        assert details["representative"] == contact["representative"]
        assert "files.example" in await text(door, contact["text_refs"]["attachments"])
        assert "不见" not in orjson.dumps(contact).decode()


async def test_another_thing_about_the_same_order_is_a_complaint_of_its_own(door: Door) -> None:
    words = {"customer": person(), "order_ref": "OR-55", "title": None, "product": None, "hints": {}}
    first, message = new_submission(**words, narrative="Kettle does not heat")
    other, again = new_submission(**words, narrative="The toaster of the same order sparks")
    async with door.open():
        await arrive(door, message, again)
        assert await door.names(first) == OPENED
        assert await door.names(other) == [*OPENED, "duplicate_suspected"]
