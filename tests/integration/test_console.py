"""The command line on a whole running stack: one complaint through its life, as people would take it."""

import asyncio
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from nats.aio.client import Client as NatsClient
from temporalio.client import Client

from deploy.local.stack import Stack
from services.console.audit.quarantine import Selection, read_one
from services.console.audit.quarantine import find as find_quarantined
from shared.client.failures import AmendsError
from shared.client.fast_forward import fast_forward
from shared.client.requests import ask, result_of, send_command
from shared.contract import subjects
from shared.contract.ids import complaint_id
from shared.contract.submission import SUBMITTED
from tests.amends_command import Ran, amends
from tests.patience import until

HUMAN = {
    "customer": {"ref": "cust-88", "name": "张伟"},
    "language": "zh",
    "narrative": "洗衣机坏了，要求退款。",
    "hints": {"category": "product"},
}


async def run(stack: Stack, *words: str, stdin: bytes | None = None) -> Ran:
    return await amends(*words, "--dir", str(stack.layout.root), stdin=stdin)


async def ok(stack: Stack, *words: str, stdin: bytes | None = None) -> Any:
    """The document of a command that must succeed."""
    ran = await run(stack, *words, "--json", stdin=stdin)
    assert ran.status == 0, ran.out + ran.err
    return ran.document


async def state_of(admin: NatsClient, complaint: str) -> dict[str, Any]:
    """What routing says of it; empty while it does not know it."""
    reply = await ask(admin, "complaint", {"complaint_id": complaint})
    return dict(reply.get("result") or {})


async def submitted(admin: NatsClient) -> dict[str, Any]:
    """The state of a new complaint, once routing has an owner for it."""
    external = str(uuid.uuid4())
    # Each of a customer of its own: what the same one says of the same matter joins their first complaint.
    data = HUMAN | {"customer": {"ref": f"cust-88-{external}", "name": "张伟"}}
    event = {"specversion": "1.0", "type": SUBMITTED, "source": "crm", "id": external, "data": data}
    await admin.jetstream().publish(subjects.submit("web"), json.dumps(event).encode())
    state: dict[str, Any] = await until(lambda: state_of(admin, complaint_id("crm", external)))
    return state


async def order(admin: NatsClient, verb: str, complaint: str, actor: str, **data: Any) -> None:
    """A command that must be accepted."""
    body = {
        "command_id": str(uuid.uuid4()),
        "complaint_id": complaint,
        "actor": {"id": actor},
        "data": data,
    }
    reply = await send_command(admin, verb, body)
    assert reply["ok"], reply


async def test_a_submission_from_the_command_line_is_seen_by_routing(stack: Stack, admin: NatsClient) -> None:
    words = ("submit", "-", "--source", "desk", "--id", "1", "--channel", "counter")
    answer = await ok(stack, *words, stdin=json.dumps(HUMAN).encode())
    assert answer["complaint_id"] == complaint_id("desk", "1")
    state = await until(lambda: state_of(admin, answer["complaint_id"]))
    assert (state["channel"], state["external_source"]) == ("counter", "desk")


async def test_the_command_line_prints_what_it_did_not_understand(stack: Stack) -> None:
    hints = {"motives": ["refund", "greed"]}
    strange = HUMAN | {"customer": {"ref": "cust-9", "timezone": "CST"}, "hints": hints}
    words = ("submit", "-", "--source", "desk-strange", "--id", "1")
    ran = await run(stack, *words, stdin=json.dumps(strange).encode())
    assert (ran.status, ran.out.strip()) == (0, complaint_id("desk-strange", "1"))
    assert "customer.timezone, hints.motives.1" in ran.err
    answer = await ok(stack, *words, stdin=json.dumps(strange).encode())
    assert answer["not_understood"] == ["customer.timezone", "hints.motives.1"]
    plain = ("submit", "-", "--source", "desk-strange", "--id", "2")
    assert "not_understood" not in await ok(stack, *plain, stdin=json.dumps(HUMAN).encode())


async def test_a_person_sees_state_obligations_and_timeline_but_no_name(
    stack: Stack, admin: NatsClient
) -> None:
    complaint = (await submitted(admin))["complaint_id"]
    shown = await run(stack, "show", complaint)
    assert shown.status == 0
    for word in (complaint, "response_24h", "owner assigned 确定责任人", "cust-88"):
        assert word in shown.out
    assert "张伟" not in shown.out
    document = await ok(stack, "show", complaint)
    assert document["complaint_id"] == complaint
    assert {"received", "assigned"} <= {event["type"].split(".")[2] for event in document["timeline"]}


@pytest.mark.parametrize("words", [["show", "Caaaaaaaaaaaaaaa"], ["fast-forward", "Caaaaaaaaaaaaaaa", "1h"]])
async def test_an_unknown_complaint_is_status_1(stack: Stack, words: list[str]) -> None:
    ran = await run(stack, *words)
    assert (ran.status, ran.out) == (1, "")
    assert len(ran.err.strip().splitlines()) == 1


async def test_the_list_is_the_owners_and_comes_in_pages(stack: Stack, admin: NatsClient) -> None:
    mine, _ = await submitted(admin), await submitted(admin)
    listed = await ok(stack, "list", "--owner", mine["owner"], "--limit", "500")
    assert mine["complaint_id"] in [item["complaint_id"] for item in listed["items"]]
    assert {item["owner"] for item in listed["items"]} == {mine["owner"]}
    first = await ok(stack, "list", "--limit", "1")
    second = await ok(stack, "list", "--limit", "1", "--cursor", first["next_cursor"])
    assert first["items"][0]["complaint_id"] != second["items"][0]["complaint_id"]


async def test_a_frame_of_watch_shows_what_is_due_and_the_last_fact(stack: Stack, admin: NatsClient) -> None:
    state = await submitted(admin)
    complaint, own = state["complaint_id"], ("--owner", state["owner"], "--limit", "500")
    rows = {item["complaint_id"]: item for item in (await ok(stack, "watch", *own))["items"]}
    assert 0 < rows[complaint]["due_in_seconds"] <= 24 * 3600
    assert rows[complaint]["last_fact"]
    assert complaint in (await run(stack, "watch", "--once", *own)).out


async def test_a_refused_command_is_status_1_with_its_code(stack: Stack, admin: NatsClient) -> None:
    complaint = (await submitted(admin))["complaint_id"]
    words = ("command", "respond", complaint, "kind=plan", "text=x", "--actor", "nobody", "--json")
    ran = await run(stack, *words)
    assert ran.status == 1
    assert ran.document["error"]["code"] == "unknown_actor"
    assert "Refused (unknown_actor)" in ran.err


async def test_a_repeated_command_id_repeats_the_reply(stack: Stack, admin: NatsClient) -> None:
    state = await submitted(admin)
    complaint, actor = state["complaint_id"], state["owner"]
    words = ["command", "respond", complaint, "kind=plan", "text=明天上门。", "--actor", actor]
    first, second = [await ok(stack, *words, "--command-id", "once") for _ in range(2)]
    assert "responded" in first["events"]
    assert first == second
    types = [event["type"] for event in (await ok(stack, "show", complaint))["timeline"]]
    assert types.count("complaints.event.responded.v1") == 1


async def test_moving_the_clock_shows_the_24_hour_rule_fire(stack: Stack, admin: NatsClient) -> None:
    complaint = (await submitted(admin))["complaint_id"]
    moved = await ok(stack, "fast-forward", complaint, "25h")
    assert moved["moved"] == "25:00:00"
    assert moved["workflows"] == [f"complaint/{complaint}"]
    assert moved["events"].count("deadline_warned") >= 3
    assert "deadline_breached" in moved["events"]
    obligations = (await state_of(admin, complaint))["obligations"]
    assert [one["status"] for one in obligations if one["obligation"] == "response_24h"] == ["breached"]


async def resolved(admin: NatsClient) -> dict[str, Any]:
    """The state of a complaint that was agreed, carried out, and is being followed up."""
    state = await submitted(admin)
    complaint, owner = state["complaint_id"], state["owner"]
    await order(admin, "respond", complaint, owner, kind="plan", text="明天上门检查。")
    await order(admin, "record_interest", complaint, owner, party="customer", interest="fix", confirmed=True)
    options = [{"option_id": "a", "remedy": "repair"}, {"option_id": "b", "remedy": "replacement"}]
    await order(admin, "prepare_options", complaint, owner, options=options)
    await order(
        admin, "offer", complaint, owner, option_id="a", standards=["after-sales-7"], text="免费维修。"
    )
    await order(admin, "answer", complaint, "customer", offer_id="offer-1", answer="accepted")
    for action in (await state_of(admin, complaint))["actions"]:
        await order(
            admin, "complete_action", complaint, owner, action_id=action["action_id"], evidence="photo"
        )
    return await until(lambda: _with_callback(admin, complaint))  # type: ignore[no-any-return]


async def _with_callback(admin: NatsClient, complaint: str) -> dict[str, Any]:
    state = await state_of(admin, complaint)
    return state if state["followup"].get("callback_scheduled") else {}


async def test_case_and_follow_up_have_one_clock_until_the_complaint_is_closed(
    stack: Stack, admin: NatsClient
) -> None:
    state = await resolved(admin)
    complaint = state["complaint_id"]
    due = datetime.fromisoformat(state["followup"]["callback_scheduled"]["due"])
    minutes = int((due - datetime.now(UTC)) / timedelta(minutes=1)) + 2
    moved = await ok(stack, "fast-forward", complaint, f"{minutes}m")
    assert moved["workflows"] == [f"complaint/{complaint}", f"followup/{complaint}/1"]
    assert "callback_due" in moved["events"]
    verdict = {"resolved": True, "overall": 5, "outcome": 5, "process": 5, "treatment": 5}
    other = "agent-8" if state["owner"] != "agent-8" else "agent-7"
    await order(admin, "record_satisfaction", complaint, other, **verdict)
    ended = await until(lambda: _refused_move(stack, complaint))
    assert "no clock to move" in ended.err


async def _refused_move(stack: Stack, complaint: str) -> Ran | None:
    ran = await run(stack, "fast-forward", complaint, "1m")
    return ran if ran.status == 1 else None


async def test_clocks_of_different_complaints_move_at_the_same_time(
    admin: NatsClient, temporal: Client
) -> None:
    complaints = [(await submitted(admin))["complaint_id"] for _ in range(3)]
    moves = await asyncio.gather(*(fast_forward(temporal, one, timedelta(hours=25)) for one in complaints))
    assert [move.complaint_id for move in moves] == complaints
    for one in complaints:
        timeline = await result_of(admin, "timeline", {"complaint_id": one})
        assert "complaints.event.deadline_breached.v1" in [event["type"] for event in timeline["events"]]


async def test_a_complaint_without_workflows_has_no_clock(temporal: Client) -> None:
    with pytest.raises(AmendsError, match="no clock to move"):
        await fast_forward(temporal, "Cbbbbbbbbbbbbbbb", timedelta(hours=1))


async def test_a_quarantined_message_is_judged_again_and_stays_while_it_is_bad(
    stack: Stack, admin: NatsClient
) -> None:
    mark = str(uuid.uuid4())
    bad = json.dumps(HUMAN | {"title": mark, "received_at": "2090-01-01T00:00:00Z"}).encode()
    await ok(stack, "submit", "-", "--id", mark, "--unchecked", stdin=bad)
    seq = await until(lambda: _set_aside(admin, mark))
    ran = await run(stack, "quarantine", "replay", str(seq), "--json")
    assert ran.status == 1
    (stayed,) = ran.document["items"]
    assert (stayed["reason"], stayed["field"]) == ("future", "data.received_at")
    assert (await run(stack, "quarantine", "show", str(seq))).status == 0


async def _set_aside(admin: NatsClient, mark: str) -> int | None:
    """The number of the set-aside message with this mark, once it is there."""
    js = admin.jetstream()
    wanted = await find_quarantined(js, Selection(kind="quarantine", reason="future"))
    found = [await read_one(js, one.seq) for one in wanted]
    return next((one.seq for one in found if mark.encode() in one.payload), None)


async def test_doctor_finds_a_running_stack_well(stack: Stack) -> None:
    """It may find that a part answers late while other tests have the processors, and never that alone."""

    async def parts() -> dict[str, list[str]]:
        answer = await run(stack, "doctor", "--json")
        found: dict[str, list[str]] = {"ok": [], "warning": [], "wrong": []}
        for finding in answer.document["findings"]:
            found[finding["state"]].append(finding["part"])
        assert answer.status == (1 if found["wrong"] else 0)
        return found

    found = await until(parts, lambda found: not found["wrong"])
    assert {"nats", "temporal", "service intake", "task queue routing"} <= set(found["ok"])


async def test_policy_and_rates_are_shown(stack: Stack) -> None:
    assert (await ok(stack, "policy"))["policy"]["id"]
    assert "response_24h" in (await run(stack, "policy")).out
    assert set((await ok(stack, "query", "rates"))["result"]) == {"response", "resolution", "satisfaction"}
