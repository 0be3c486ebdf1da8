"""What is long comes in pages that fit in a message; notes are found again; reads of texts are seen."""

import base64
import json
from typing import Any
from uuid import uuid4

import pytest

from deploy.local.stack import Stack
from shared.contract import subjects
from tests.amends_command import amends
from tests.listening import ready_of
from tests.lives import owner_of
from tests.outside import Json, Outside
from tests.patience import PATIENCE

MIB = 1 << 20


async def pages(system: Outside, name: str, **wanted: Any) -> list[Json]:
    """Every page of an answer."""
    found: list[Json] = []
    cursor: Json = {}
    while True:
        page = await system.query(name, **wanted, **cursor)
        found.append(page)
        if not page.get("next_cursor"):
            return found
        cursor = {"cursor": page["next_cursor"]}


async def with_long_timeline(stack: Stack, system: Outside, facts: int, size: int) -> str:
    """A complaint with so many further facts of so many bytes, put into the stream as they are."""
    complaint = await system.submit(customer={"ref": uuid4().hex})
    await owner_of(system, complaint)
    import nats

    ready = ready_of(stack)
    admin = await nats.connect(ready.nats_url, nkeys_seed=str(ready.credentials.admin))
    try:
        js = admin.jetstream(timeout=PATIENCE)
        last = await js.get_last_msg(
            subjects.EVENTS_STREAM, subjects.event("received", complaint), direct=True
        )
        event = json.loads(last.data or b"")
        for number in range(facts):
            event["id"] = f"{complaint}-filler-{number}"
            event["data"]["filler"] = "填" * (size // 3)
            body = json.dumps(event, ensure_ascii=False).encode()
            headers = {"Nats-Msg-Id": event["id"]}
            await js.publish(subjects.event("contact_added", complaint), body, headers=headers)
    finally:
        await admin.close()
    return complaint


async def test_a_timeline_of_megabytes_comes_in_pages(stack: Stack, system: Outside) -> None:
    complaint = await with_long_timeline(stack, system, 40, 60_000)
    found = await pages(system, "timeline", complaint_id=complaint)
    ids = [event["id"] for page in found for event in page["events"]]
    assert len(ids) == len(set(ids))
    assert sum("filler" in one for one in ids) == 40
    assert len(found) > 2
    assert all(len(json.dumps(page, ensure_ascii=False).encode()) < MIB for page in found)
    one_each = await pages(system, "timeline", complaint_id=complaint, limit=7)
    assert [event["id"] for page in one_each for event in page["events"]] == ids
    assert {len(page["events"]) for page in one_each[:-1]} == {7}
    shown = await amends("show", complaint, "--json", "--dir", str(stack.layout.root))
    assert [event["id"] for event in shown.document["timeline"]] == ids


async def test_a_merged_id_leads_to_the_facts_of_its_survivor_page_by_page(system: Outside) -> None:
    customer = {"ref": uuid4().hex}
    first = await system.submit(customer=customer, narrative="冰箱第三天就不制冷了，里面的食物都坏了。")
    owner = await owner_of(system, first)
    second = await system.submit(customer=customer, narrative="洗衣机漏水，地板泡坏了。")
    await owner_of(system, second)
    merged = await system.command("confirm_duplicate", second, owner, of=first)
    if not merged["ok"]:
        pytest.fail(str(merged))
    whole = await system.query("timeline", complaint_id=second)
    by_twos = await pages(system, "timeline", complaint_id=second, limit=2)
    ids = [event["id"] for page in by_twos for event in page["events"]]
    assert ids[: len(whole["events"])] == [event["id"] for event in whole["events"]]
    assert by_twos[-1]["complaint_id"] == first
    own = await pages(system, "timeline", complaint_id=second, follow=False)
    assert {event["subject"] for page in own for event in page["events"]} == {second}


@pytest.mark.parametrize("name", ["worklist", "timeline", "complaint", "reads"])
async def test_no_bad_cursor_is_an_outage(system: Outside, name: str) -> None:
    complaint = await system.submit(customer={"ref": uuid4().hex})
    await owner_of(system, complaint)
    wanted: Json = {
        "worklist": {},
        "timeline": {"complaint_id": complaint},
        "complaint": {"complaint_id": complaint},
        "reads": {"service": "routing", "actor": {"id": "privacy-1"}},
    }[name]
    foreign = (await system.query("timeline", complaint_id=complaint, limit=1))["next_cursor"]
    foreign = foreign if name != "timeline" else base64.urlsafe_b64encode(b"[null,1]").decode()
    words = ["x", "====", "é", "\u0000", "A" * 900, "A" * 100_000, foreign, foreign[:-2], 7, {}, [], True]
    words += [base64.b64encode(b"[]").decode(), base64.b64encode(b'["9999-01-01", "C"]').decode(), ""]
    for word in words:
        reply = await system.ask(f"{subjects.QUERY}.{name}", wanted | {"cursor": word})
        assert (reply["error"]["code"], reply["error"]["field"]) == ("malformed", "cursor"), (word, reply)


async def test_a_note_is_found_again_and_its_read_is_seen(stack: Stack, system: Outside) -> None:
    complaint = await system.submit(customer={"ref": uuid4().hex})
    owner = await owner_of(system, complaint)
    refs = []
    for number in range(3):
        reply = await system.command("note", complaint, owner, text=f"客户说第 {number} 次")
        refs.append(reply["result"]["text_ref"])
    state = await system.query("complaint", complaint_id=complaint)
    assert [note["text_ref"] for note in state["notes"]] == refs
    assert state["note_count"] == 3
    assert {note["actor"]["id"] for note in state["notes"]} == {owner}
    assert "客户说" not in json.dumps(state, ensure_ascii=False)
    shown = await amends("show", complaint, "--dir", str(stack.layout.root))
    assert refs[0] in "".join(shown.out.split())

    asked = {"text_ref": refs[1], "actor": {"id": owner}, "purpose": "回电"}
    assert (await system.query("text", **asked))["text"] == "客户说第 1 次"
    log = {"service": "routing", "actor": {"id": "privacy-1"}, "complaint_id": complaint}
    (seen,) = (await system.query("reads", **log))["items"]
    assert (seen["text_ref"], seen["actor"], seen["purpose"]) == (refs[1], owner, "回电")
    for who, code in ((owner, "over_authority"), ("customer", "unknown_actor")):
        reply = await system.ask(f"{subjects.QUERY}.reads", log | {"actor": {"id": who}})
        assert reply["error"]["code"] == code
    listed = await amends("reads", "--actor", "privacy-1", "--json", "--dir", str(stack.layout.root))
    assert refs[1] in [one["text_ref"] for one in listed.document["items"]]
    for _ in range(3):
        await system.query("text", **asked)
    by_ones = await pages(system, "reads", **log, limit=1)
    assert [len(page["items"]) for page in by_ones] == [1, 1, 1, 1]


async def test_a_note_that_is_made_to_be_slow_delays_no_other_command(system: Outside) -> None:
    complaint = await system.submit(customer={"ref": uuid4().hex})
    owner = await owner_of(system, complaint)
    text = "/".join(["11010519491231002X"] * 800)
    reply = await system.command("note", complaint, owner, text=text)
    asked = {"text_ref": reply["result"]["text_ref"], "actor": {"id": owner}, "purpose": "回电"}
    assert (await system.query("text", **asked))["text"] == "/".join(["[identity ••••]"] * 800)
