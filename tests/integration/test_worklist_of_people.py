"""Worklist of a person and of a manager on a running stack, by the query and by `amends list`."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.stack import Stack
from tests.amends_command import amends
from tests.lives import owner_of
from tests.outside import Outside


@pytest.fixture
async def outside(file_stack: Stack) -> AsyncIterator[Outside]:
    ready = file_stack.ready
    assert ready
    system = await Outside.connect(ready.nats_url, ready.credentials.publisher, ready.credentials.agent)
    yield system
    await system.close()


async def test_what_waits_for_a_person_is_in_their_list_with_the_reason(
    file_stack: Stack, outside: Outside
) -> None:
    complaint = await outside.submit(hints={"category": "product"})
    owner = await owner_of(outside, complaint)
    await outside.do("respond", complaint, owner, kind="explanation", text="已核实。")
    asked = await outside.do("withdraw", complaint, owner, reason="客户来电说不用了")
    lead = asked["to"]
    (mine,) = (await outside.query("worklist", person=lead))["items"]
    assert (mine["complaint_id"], mine["owner"]) == (complaint, owner)
    (step,) = mine["next_steps"]
    assert (step["code"], step["why"], step["ref"]) == ("approve", "asked", asked["request_id"])
    (own,) = (await outside.query("worklist", person=owner, stage=mine["stage"]))["items"]
    assert {one["who"] for one in own["next_steps"]} == {owner}
    (under,) = (await outside.query("worklist", manager=lead, category="product"))["items"]
    assert under["complaint_id"] == complaint
    assert (await outside.query("worklist", manager=lead, severity=own["severity"] % 5 + 1))["items"] == []
    reply = await outside.ask("complaints.v1.query.worklist", {"person": "stranger"})
    assert (reply["error"]["code"], reply["error"]["field"]) == ("unknown_actor", "person")
    shown = await amends("list", "--person", lead, "--dir", str(file_stack.layout.root))
    assert complaint in shown.out
    assert "waits for your decision" in shown.out
    assert "等待您审批" in shown.out
