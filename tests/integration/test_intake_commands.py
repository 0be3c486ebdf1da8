"""Further contacts, and texts read back, asked for over NATS."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from prometheus_client import REGISTRY
from sqlmodel import select

from services.intake.service import Intake
from shared.contract.commands import COMMANDS, Accepted
from shared.contract.ids import text_key
from shared.contract.queries import QUERIES
from shared.contract.subjects import command, query
from shared.runtime.messages.timeline import read_timeline
from shared.runtime.texts.tables import TextReadRow, TextRow
from tests.integration.intake_service import Door, new_submission
from tests.unit.submissions import NARRATIVE

WORDS = "我昨天又打了一次电话。"


@pytest.fixture
async def intake(door: Door) -> AsyncIterator[Intake]:
    async with door.open() as intake:
        yield intake


@pytest.fixture
async def complaint(door: Door, intake: Intake) -> str:
    complaint, message = new_submission()
    await door.submit(message)
    await door.idle()
    return complaint


def contact(complaint: str, actor: str = "agent-1", **data: Any) -> dict[str, Any]:
    return {
        "command_id": secrets.token_hex(8),
        "complaint_id": complaint,
        "actor": {"id": actor},
        "data": {"channel": "phone", "text": WORDS} | data,
    }


async def add(door: Door, request: dict[str, Any]) -> dict[str, Any]:
    return await door.ask(command("add_contact"), request)


async def read(door: Door, ref: str, actor: str = "agent-1", **other: Any) -> dict[str, Any]:
    request = {"text_ref": ref, "actor": {"id": actor}, "purpose": "to call back"} | other
    return await door.ask(query("text"), request)


def counted(name: str) -> float:
    """How many requests of this name the service has taken, as its metrics have it."""
    labels = {"app_name": "amends_requests", "broker": "nats", "handler": name}
    return REGISTRY.get_sample_value("amends_requests_received_messages_total", labels) or 0.0


async def test_a_request_counts_under_its_name_and_an_invented_name_counts_nowhere(
    door: Door, complaint: str
) -> None:
    before = counted("command.add_contact"), counted("query.text")
    reply = await add(door, contact(complaint))
    await read(door, reply["result"]["text_ref"])
    assert (counted("command.add_contact"), counted("query.text")) == (before[0] + 1, before[1] + 1)
    names = {
        sample.labels["handler"]
        for metric in REGISTRY.collect()
        for sample in metric.samples
        if metric.name == "amends_requests_received_messages" and "handler" in sample.labels
    }
    assert names <= {f"command.{verb}" for verb in COMMANDS} | {f"query.{name}" for name in QUERIES}


# --- add_contact ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "role"), [("agent-1", "agent"), ("lead-2", "lead"), ("customer", "customer")]
)
async def test_a_contact_becomes_a_fact_with_the_next_number(
    door: Door, complaint: str, actor: str, role: str
) -> None:
    request = contact(complaint, actor)
    reply = Accepted.model_validate(await add(door, request))
    fact = (await read_timeline(door.admin, complaint))[-1]
    key = text_key(request["command_id"], "text", own=actor == "customer")
    ref = f"intake:{complaint}:{key}"

    assert (reply.stage, reply.events) == ("recorded", ["contact_added"])
    assert reply.allowed == ["add_contact", "confirm_duplicate", "link_customer", "erase"]
    assert reply.result == {"text_ref": ref}
    assert fact["type"] == "complaints.event.contact_added.v1"
    assert fact["data"]["seq"] == 4
    assert fact["data"]["actor"] == {"id": actor, "role": role, "via": "admin"}
    assert (fact["data"]["channel"], fact["data"]["text_ref"]) == ("phone", ref)
    assert WORDS not in str(fact)


async def test_a_contact_is_stored_encrypted_with_its_numbers_masked(door: Door, complaint: str) -> None:
    said = {"channel": "phone", "text": "卡4111111111111111，回我13900139000"}
    reply = await add(door, contact(complaint) | {"data": said})
    found = await read(door, reply["result"]["text_ref"])
    assert found["result"]["text"] == "卡[card ••••1111]，回我[phone ••••00]"


async def test_a_repeated_command_repeats_the_first_reply_and_does_nothing_more(
    door: Door, complaint: str
) -> None:
    request = contact(complaint)
    first = await add(door, request)
    again = await add(door, request)

    assert again == first
    assert (await door.names(complaint)).count("contact_added") == 1
    assert (await read(door, first["result"]["text_ref"]))["result"]["text"] == WORDS


async def test_simultaneous_contacts_are_numbered_without_a_gap_and_published_in_order(
    door: Door, complaint: str
) -> None:
    replies = await asyncio.gather(*(add(door, contact(complaint)) for _ in range(30)))
    facts = await read_timeline(door.admin, complaint)

    assert all(reply["ok"] for reply in replies)
    assert [fact["data"]["seq"] for fact in facts] == list(range(1, 34))


async def test_a_contact_that_was_stored_and_not_published_is_published_before_the_next(
    door: Door, intake: Intake, complaint: str
) -> None:
    await add(door, contact(complaint))
    publisher = intake.submissions.delivery.publisher
    publish, publisher.publish = publisher.publish, _unreachable  # type: ignore[method-assign]
    lost = contact(complaint)
    refused = await add(door, lost)
    publisher.publish = publish  # type: ignore[method-assign]
    await add(door, contact(complaint))

    assert refused["error"]["code"] == "unavailable"
    assert (await add(door, lost))["ok"]
    facts = await read_timeline(door.admin, complaint)
    assert [fact["data"]["seq"] for fact in facts] == [1, 2, 3, 4, 5, 6]


async def _unreachable(*_: Any, **__: Any) -> None:
    raise TimeoutError


async def test_a_contact_keeps_the_time_at_which_it_came(door: Door, complaint: str) -> None:
    await add(door, contact(complaint, at="2026-11-20T10:00:00+08:00"))
    fact = (await read_timeline(door.admin, complaint))[-1]

    assert fact["data"]["at"] == "2026-11-20T02:00:00Z"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"actor": {"id": "nobody"}}, "unknown_actor", "actor.id"),
        ({"actor": {"id": "gateway"}}, "unknown_actor", "actor.id"),
        ({"complaint_id": "Caaaaaaaaaaaaaaa"}, "unknown_complaint", "complaint_id"),
        ({"complaint_id": "no such \x00 id"}, "unknown_complaint", "complaint_id"),
        ({"data": {"channel": "fax", "text": WORDS}}, "malformed", "data.channel"),
        ({"data": {"channel": "phone"}}, "malformed", "data.text"),
    ],
)
async def test_an_impossible_command_is_refused_with_a_code_and_a_field_and_leaves_nothing(
    door: Door, intake: Intake, complaint: str, changes: dict[str, Any], code: str, field: str
) -> None:
    before = await _texts(intake)
    reply = await add(door, contact(complaint) | changes)

    assert (reply["ok"], reply["error"]["code"], reply["error"]["field"]) == (False, code, field)
    assert await _texts(intake) == before
    assert len(await door.names(complaint)) == 3


async def test_a_contact_from_the_future_is_refused(door: Door, complaint: str) -> None:
    reply = await add(door, contact(complaint, at=(datetime.now(UTC) + timedelta(hours=1)).isoformat()))

    assert (reply["error"]["code"], reply["error"]["field"]) == ("malformed", "data.at")


async def _texts(intake: Intake) -> int:
    rows = await intake.store.database.read(lambda session: session.exec(select(TextRow)).all())
    return len(rows)


# --- text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", ["agent-1", "privacy-1"])
async def test_a_text_is_read_back_and_the_read_is_logged(
    door: Door, intake: Intake, complaint: str, actor: str
) -> None:
    ref = f"intake:{complaint}:narrative"
    reply = await read(door, ref, actor)
    reads = await intake.store.database.read(lambda session: session.exec(select(TextReadRow)).all())

    assert reply["result"] == {"text_ref": ref, "text": NARRATIVE}
    assert [(row.ref, row.actor) for row in reads] == [(ref, actor)]
    assert "call" not in reads[0].purpose
    opened = await intake.store.database.read(
        lambda session: intake.store.texts.purpose_of(session, reads[0])
    )
    assert opened == "to call back"
    assert datetime.now(UTC) - reads[0].read_at < timedelta(minutes=1)


async def test_the_gateway_reads_notices_and_nothing_else(door: Door, complaint: str) -> None:
    told = await read(door, f"intake:{complaint}:notice-3", "gateway")
    kept = await read(door, f"intake:{complaint}:narrative", "gateway")

    assert complaint in told["result"]["text"]
    assert kept["error"]["code"] == "over_authority"


async def test_customer_data_and_the_notice_are_read_by_their_references(door: Door, complaint: str) -> None:
    customer = (await read(door, f"intake:{complaint}:customer"))["result"]["text"]
    told = (await read(door, f"intake:{complaint}:notice-3"))["result"]["text"]

    assert orjson.loads(customer)["phone"] == "13800138000"
    assert complaint in told


@pytest.mark.parametrize(
    ("ref", "actor", "code", "field"),
    [
        ("intake:{complaint}:reason-1", "customer", "over_authority", "text_ref"),
        ("intake:{complaint}:narrative", "gateway", "over_authority", "text_ref"),
        ("intake:{complaint}:narrative", "nobody", "unknown_actor", "actor.id"),
        ("intake:{complaint}:diary", "agent-1", "malformed", "text_ref"),
        ("intake:Caaaaaaaaaaaaaaa:narrative", "agent-1", "malformed", "text_ref"),
        ("diary", "agent-1", "malformed", "text_ref"),
        ("archive:{complaint}:narrative", "agent-1", "malformed", "text_ref"),
    ],
)
async def test_a_text_that_cannot_be_given_is_refused_and_no_read_is_recorded(
    door: Door, intake: Intake, complaint: str, ref: str, actor: str, code: str, field: str
) -> None:
    reply = await read(door, ref.format(complaint=complaint), actor)
    reads = await intake.store.database.read(lambda session: session.exec(select(TextReadRow)).all())

    assert (reply["error"]["code"], reply["error"]["field"]) == (code, field)
    assert reads == []


async def test_the_complainant_reads_their_own_words_and_their_notices(door: Door, complaint: str) -> None:
    request = contact(complaint, "customer")
    said = Accepted.model_validate(await add(door, request)).result["text_ref"]
    for ref in (f"intake:{complaint}:narrative", f"intake:{complaint}:notice-3", said):
        assert (await read(door, ref, "customer"))["ok"], ref


async def test_the_gateway_reads_the_notice_and_the_address(door: Door, complaint: str) -> None:
    for key in ("notice-3", "customer"):
        assert (await read(door, f"intake:{complaint}:{key}", "gateway"))["ok"], key


async def test_a_read_without_a_purpose_is_refused(door: Door, complaint: str) -> None:
    reply = await read(door, f"intake:{complaint}:narrative", purpose="")

    assert (reply["error"]["code"], reply["error"]["field"]) == ("malformed", "purpose")


@pytest.mark.parametrize("service", ["routing", "followup"])
async def test_a_reference_of_another_service_is_left_to_it(door: Door, complaint: str, service: str) -> None:
    request = {"text_ref": f"{service}:{complaint}:x", "actor": {"id": "agent-1"}, "purpose": "p"}

    with pytest.raises(TimeoutError):
        await door.admin.request(query("text"), orjson.dumps(request), timeout=0.5)
