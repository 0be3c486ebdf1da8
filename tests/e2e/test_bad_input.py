"""Nothing is dropped in silence: bad submissions are put aside whole, bad commands are refused by code."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import nats
import pytest
from nats.aio.client import Client
from nats.js.api import DeliverPolicy

from deploy.local.stack import Stack
from shared.contract import subjects
from shared.contract.ids import complaint_id
from shared.contract.quarantine import HEADER_FIELD, HEADER_SUBJECT
from shared.contract.submission import MAX_BYTES
from tests.listening import listening, outside, ready_of, spoken
from tests.outside import Json, Outside, name_of
from tests.patience import PATIENCE

CUSTOMER = {"ref": "cust-1"}


def submission(**changes: Any) -> Json:
    """A good submission with something changed; None takes it away."""
    data = {"customer": CUSTOMER, **spoken()} | changes.pop("data", {})
    event = {"specversion": "1.0", "type": "complaints.submitted.v1", "source": "test/shop"}
    event |= {"id": uuid4().hex, "data": _without_none(data)} | changes
    return _without_none(event)


def _without_none(fields: Json) -> Json:
    return {name: value for name, value in fields.items() if value is not None}


def later(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


class Bad(NamedTuple):
    """Something that is not a submission, and how it has to be put aside."""

    reason: str
    field: str | None
    body: bytes
    channel: str = "web"


def _bad(reason: str, field: str | None, channel: str = "web", **changes: Any) -> Bad:
    return Bad(reason, field, json.dumps(submission(**changes)).encode(), channel)


BAD = {
    "not JSON": Bad("not_json", None, b"<complaint>late parcel</complaint>"),
    "not UTF-8": Bad("not_json", None, b'{"specversion": "\xff"}'),
    "not an object": Bad("not_cloudevent", None, b'["a complaint"]'),
    "not a CloudEvent": _bad("not_cloudevent", "specversion", specversion=None),
    "no type": _bad("not_cloudevent", "type", type=None),
    "another type": _bad("invalid", "type", type="complaints.withdrawn.v1"),
    "no source": _bad("invalid", "source", source=None),
    "no id": _bad("invalid", "id", id=None),
    "no customer": _bad("invalid", "data.customer", data={"customer": None}),
    "no customer ref": _bad("invalid", "data.customer.ref", data={"customer": {"name": "Pat Example"}}),
    "says nothing": _bad("invalid", "data.narrative", data={"title": None, "narrative": None}),
    "loss is no money": _bad(
        "invalid", "data.loss.value", data={"loss": {"value": "much", "currency": "CNY"}}
    ),
    "loss below zero": _bad("invalid", "data.loss.value", data={"loss": {"value": "-5", "currency": "CNY"}}),
    "no currency of this world": _bad(
        "invalid", "data.loss.currency", data={"loss": {"value": "5", "currency": "RMB"}}
    ),
    "no such day": _bad("invalid", "data.received_at", data={"received_at": "2026-02-30T09:00:00Z"}),
    "written backwards": _bad("invalid", "data.narrative", data={"narrative": "\u202ekcab"}),
    "a ref with a face": _bad("invalid", "data.customer.ref", data={"customer": {"ref": "cust😀"}}),
    "no URI": _bad("invalid", "data.attachments.0", data={"attachments": ["photo.jpg"]}),
    "a field twice": Bad("invalid", "id", json.dumps(submission()).encode()[:-1] + b', "id": "2"}'),
    "deep": Bad("not_json", None, b'{"data": ' + b"[" * 10_000 + b"]" * 10_000 + b"}"),
    "too large": _bad("too_large", None, data={"narrative": "x" * MAX_BYTES}),
    "unknown channel": _bad("unknown_channel", None, channel="pigeon"),
    "from the future": _bad("future", "data.received_at", data={"received_at": later(24)}),
}


@asynccontextmanager
async def connected(stack: Stack, user: str) -> AsyncIterator[Client]:
    ready = ready_of(stack)
    client = await nats.connect(ready.nats_url, nkeys_seed=getattr(ready.credentials, user))
    try:
        yield client
    finally:
        await client.close()


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
async def test_a_bad_submission_is_quarantined_with_its_bytes_and_the_field(stack: Stack, bad: Bad) -> None:
    async with connected(stack, "publisher") as publisher, connected(stack, "admin") as admin:
        watch = await admin.jetstream().subscribe(
            f"{subjects.QUARANTINE}.>", stream=subjects.QUARANTINE_STREAM, deliver_policy=DeliverPolicy.NEW
        )
        durable = await publisher.request(subjects.submit(bad.channel), bad.body, timeout=PATIENCE)
        assert json.loads(durable.data)["stream"] == subjects.SUBMIT_STREAM
        stored = await watch.next_msg(timeout=PATIENCE)
    assert stored.subject == subjects.quarantine(bad.reason)
    assert stored.data == bad.body
    headers = stored.headers or {}
    assert headers.get(HEADER_FIELD) == bad.field
    assert headers[HEADER_SUBJECT] == subjects.submit(bad.channel)


@pytest.fixture
async def opened(system: Outside) -> str:
    """A complaint that has an owner and no answer yet."""
    complaint = await system.submit(**spoken())
    # The last fact of the opening: the clock of the waiting time that was promised.
    await system.until(complaint, "deadline_set", times=5)
    return complaint


class Wrong(NamedTuple):
    """A command that has to be refused. An actor `owner` stands for whoever is accountable."""

    code: str
    field: str | None
    verb: str
    actor: str
    data: Json


OFFER = {"option_id": "refund", "standards": ["after-sales-7"], "text": "方案"}
WRONG = {
    "a text is missing": Wrong("malformed", "data.text", "respond", "owner", {"kind": "plan"}),
    "a word that is none": Wrong("malformed", "data.kind", "respond", "owner", {"kind": "x", "text": "好"}),
    "nobody of the roster": Wrong("unknown_actor", "actor.id", "escalate", "agent-99", {"reason": "x"}),
    "not the owner": Wrong("not_owner", "actor.id", "respond", "agent-8", {"kind": "plan", "text": "好"}),
    "nothing is agreed": Wrong(
        "not_allowed_now", None, "complete_action", "owner", {"action_id": "action-1", "evidence": "x"}
    ),
    "no answer yet": Wrong("needs_response_first", None, "offer", "owner", OFFER),
    "nobody to transfer to": Wrong(
        "unknown_actor", "data.to", "transfer", "owner", {"to": "x", "reason": "x"}
    ),
    "not resolved yet": Wrong(
        "not_allowed_now",
        None,
        "record_satisfaction",
        "customer",
        {"resolved": True, "overall": 5, "outcome": 5, "process": 5, "treatment": 5},
    ),
    "a verb that nobody has": Wrong("malformed", None, "forgive", "owner", {}),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
async def test_a_command_that_cannot_be_is_refused_with_its_code(
    stack: Stack, system: Outside, opened: str, wrong: Wrong
) -> None:
    before = await system.facts(opened)
    owner = next(event["data"]["owner"] for event in before if name_of(event) == "assigned")
    actor = owner if wrong.actor == "owner" else wrong.actor
    reply = await command(stack, wrong.verb, opened, actor, wrong.data)
    assert reply["ok"] is False
    assert (reply["error"]["code"], reply["error"].get("field")) == (wrong.code, wrong.field)
    assert reply["error"]["message"]
    assert reply["error"]["message_zh"]
    assert await system.facts(opened) == before


async def test_a_refusal_lists_the_verbs_that_are_allowed_now(stack: Stack, opened: str) -> None:
    data = {"action_id": "action-1", "evidence": "x"}
    owner = (await state(stack, opened))["owner"]
    reply = await command(stack, "complete_action", opened, owner, data)
    assert "respond" in reply["error"]["allowed"]
    assert "complete_action" not in reply["error"]["allowed"]


async def test_an_unknown_complaint_is_refused_by_every_service(stack: Stack) -> None:
    nobody = complaint_id("test/shop", uuid4().hex)
    satisfied = {"resolved": True, "overall": 5, "outcome": 5, "process": 5, "treatment": 5}
    for verb, data in (
        ("respond", {"kind": "plan", "text": "好"}),
        ("add_contact", {"channel": "phone", "text": "再次来电"}),
        ("record_satisfaction", satisfied),
    ):
        reply = await command(stack, verb, nobody, "agent-1", data)
        assert (reply["error"]["code"], reply["error"]["field"]) == ("unknown_complaint", "complaint_id"), (
            verb
        )


@pytest.mark.parametrize("body", [b"not JSON", b"[]", b"{}", b""])
async def test_bytes_that_are_no_command_are_malformed(stack: Stack, body: bytes) -> None:
    async with connected(stack, "agent") as agent:
        reply = await agent.request(subjects.command("respond"), body, timeout=PATIENCE)
    assert json.loads(reply.data)["error"]["code"] == "malformed"


async def test_a_repeated_command_repeats_its_reply_and_does_nothing_more(
    stack: Stack, system: Outside, opened: str
) -> None:
    owner = (await state(stack, opened))["owner"]
    answer = {"kind": "plan", "text": "我负责到底。"}
    first = await command(stack, "respond", opened, owner, answer, command_id="once")
    assert first["ok"] is True
    assert first["events"][:4] == ["responded", "deadline_met", "deadline_met", "notice"]
    facts = await system.facts(opened)
    again = await command(stack, "respond", opened, owner, answer, command_id="once")
    assert again == first
    assert await system.facts(opened) == facts


async def test_a_refusal_is_repeated_too_though_it_would_be_accepted_by_now(
    stack: Stack, system: Outside, opened: str
) -> None:
    owner = (await state(stack, opened))["owner"]
    pause = {"reason": "等待凭证"}
    refused = await command(stack, "resume", opened, owner, pause, command_id="resume-1")
    assert refused["error"]["code"] == "not_allowed_now"
    await system.do("pause", opened, owner, **pause)
    repeated = await command(stack, "resume", opened, owner, pause, command_id="resume-1")
    assert repeated["error"]["remembered"] is True
    assert repeated["error"]["code"] == "not_allowed_now"
    assert refused["error"]["message"] in repeated["error"]["message"]
    assert (await command(stack, "resume", opened, owner, pause))["ok"] is True


async def test_a_complaint_of_three_days_ago_is_breached_once_when_it_comes(stack: Stack) -> None:
    external_id = uuid4().hex
    complaint = complaint_id("test/shop", external_id)
    spoken_at = datetime.now(UTC) - timedelta(days=3)
    async with outside(stack) as system, listening(stack, complaint) as facts:
        await system.submit(external_id=external_id, **spoken(received_at=spoken_at.isoformat()))
        await facts.says("received", "promise_made", "notice", "triaged", "assigned")
        await system.until(complaint, "escalated")
        on_record = await system.facts(complaint)
    breaches = [event for event in on_record if name_of(event) == "deadline_breached"]
    of_rule = [event for event in breaches if event["data"]["obligation"] == "response_24h"]
    assert len(of_rule) == 1
    assert of_rule[0]["data"]["late_registration"] is True
    assert datetime.fromisoformat(of_rule[0]["time"]) == spoken_at + timedelta(hours=24)
    assert "deadline_warned" not in {name_of(event) for event in on_record}


async def state(stack: Stack, complaint: str) -> Json:
    """The whole state of a complaint."""
    async with connected(stack, "agent") as agent:
        asked = json.dumps({"complaint_id": complaint}).encode()
        reply = await agent.request(subjects.query("complaint"), asked, timeout=PATIENCE)
    result: Json = json.loads(reply.data)["result"]
    return result


async def command(
    stack: Stack, verb: str, complaint: str, actor: str, data: Json, command_id: str | None = None
) -> Json:
    """The reply to a command; one that does not come fails the test."""
    request = {"command_id": command_id or uuid4().hex, "complaint_id": complaint, "actor": {"id": actor}}
    body = json.dumps(request | {"data": data}).encode()
    async with connected(stack, "agent") as agent:
        reply = await agent.request(subjects.command(verb), body, timeout=PATIENCE)
    answer: Json = json.loads(reply.data)
    return answer
