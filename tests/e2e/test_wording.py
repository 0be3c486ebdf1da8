"""The wording gate on the whole stack: a faulty text reaches nobody, and leaves its command id free."""

from asyncio import gather
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.local.stack import Stack
from shared.contract.subjects import command, query
from tests.amends_command import amends
from tests.listening import outside
from tests.lives import owner_of
from tests.outside import Json, Outside


async def set_position(system: Outside, name: str, complaint: str, owner: str, **data: Any) -> Json:
    request = {"command_id": name, "complaint_id": complaint, "actor": {"id": owner}, "data": data}
    return await system.ask(command("set_position"), request)


async def respond(system: Outside, name: str, complaint: str, owner: str, text: str, **more: Any) -> Json:
    data = {"kind": "explanation", "text": text, **more}
    request = {"command_id": name, "complaint_id": complaint, "actor": {"id": owner}, "data": data}
    return await system.ask(command("respond"), request)


async def test_a_faulty_text_is_refused_with_findings_and_the_corrected_one_passes_under_the_same_id(
    stack: Stack,
) -> None:
    async with outside(stack) as system:
        complaint = await system.submit()
        owner = await owner_of(system, complaint)
        error = (await respond(system, "w", complaint, owner, "我们会尽快给您答复。"))["error"]
        assert (error["code"], error["field"]) == ("wording", "data.text")
        (finding,) = error["findings"]
        assert (finding["kind"], finding["level"]) == ("undated_promise", "block")
        assert finding["words"] in "我们会尽快给您答复。"
        assert finding["reason"]
        assert finding["better_zh"]
        passed = await respond(system, "w", complaint, owner, "检测结果是主板损坏，今天18:00前更换。")
        assert passed["ok"]
        assert "responded" in passed["events"]
        assert "findings" not in passed["result"]


async def test_a_lesser_fault_is_reported_in_the_reply_and_again_in_its_repetition(stack: Stack) -> None:
    async with outside(stack) as system:
        complaint = await system.submit()
        owner = await owner_of(system, complaint)
        first = await respond(system, "s", complaint, owner, "主板坏了，给您换新机，没毛病。")
        assert first["ok"]
        assert [one["kind"] for one in first["result"]["findings"]] == ["slang"]
        assert await respond(system, "s", complaint, owner, "主板坏了，给您换新机，没毛病。") == first


async def test_a_promise_with_promise_by_has_its_date(stack: Stack) -> None:
    async with outside(stack) as system:
        complaint = await system.submit()
        owner = await owner_of(system, complaint)
        day_after = datetime.now(UTC) + timedelta(days=1)
        text = "We are checking the line and will get back to you."
        assert not (await respond(system, "p", complaint, owner, text))["ok"]
        reply = await respond(system, "q", complaint, owner, text, promise_by=day_after.isoformat())
        assert reply["ok"]


async def test_a_dry_run_sends_nothing(stack: Stack) -> None:
    async with outside(stack) as system:
        reply = await system.ask(query("wording"), {"text": "You should have read the manual."})
    assert reply["ok"]
    assert not reply["result"]["sendable"]
    assert [one["kind"] for one in reply["result"]["findings"]] == ["blames_customer"]


async def test_the_command_line_tells_faults_in_both_languages(stack: Stack) -> None:
    where = ("--dir", str(stack.layout.root))
    faulty = await amends("say", "--check", "都是仓库的错。", *where)
    assert faulty.status == 1
    assert "blames_colleague" in faulty.out
    assert "以公司的名义" in faulty.out
    assert (await amends("say", "--check", "The repair takes place on 5 December.", *where)).status == 0
    assert (await amends("say", "Hello.", *where)).status == 2


async def test_of_two_contradicting_positions_at_once_exactly_one_passes_and_is_what_is_told(
    stack: Stack,
) -> None:
    async with outside(stack) as system:
        complaint = await system.submit()
        owner = await owner_of(system, complaint)
        assert (await set_position(system, "v1", complaint, owner, text="We check it.", replaces=0))["ok"]
        both = await gather(
            set_position(system, "yes", complaint, owner, text="We replace it.", replaces=1),
            set_position(system, "no", complaint, owner, text="We repair it.", replaces=1),
        )
        (refused,) = [one["error"] for one in both if not one["ok"]]
        assert (refused["code"], refused["field"]) == ("stale_position", "data.replaces")
        told = await gather(
            *(
                respond(system, f"r{version}", complaint, owner, "The pump was broken.", position=version)
                for version in (1, 2)
            )
        )
        assert [one["ok"] for one in told] == [False, True]
        assert told[0]["error"]["code"] == "stale_position"


async def test_a_body_that_is_described_in_words_is_checked_too(stack: Stack) -> None:
    async with outside(stack) as system:
        complaint = await system.submit()
        owner = await owner_of(system, complaint)
        data = {"to": "You should have read the manual.", "reason": "no agreement"}
        request = {"command_id": "refer", "complaint_id": complaint, "actor": {"id": owner}, "data": data}
        error = (await system.ask(command("refer"), request))["error"]
        assert (error["code"], error["field"]) == ("wording", "data.to")
