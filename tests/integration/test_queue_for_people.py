"""Complaints wait for people on a whole stack: they sign on, work and sign off, while routing is killed."""

import asyncio
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from deploy.local.stack import Stack
from shared.policy.assembling import PACKS
from tests.amends_command import amends
from tests.lives import answered, settled
from tests.outside import Json, Outside, name_of
from tests.patience import PATIENCE


def later_today(directory: Path) -> Path:
    """Default pack in which no product agent is on shift now, and the first has room for one complaint."""
    said = yaml.safe_load((PACKS / "default" / "people.yaml").read_text(encoding="utf-8"))
    hour = datetime.now(UTC).hour
    window = f"{(hour + 10) % 24:02}:00-{(hour + 11) % 24:02}:00"
    shift = {"id": "far", "zone": "UTC", "hours": {day: [window] for day in range(7)}}
    agents = [one for one in said["staff"] if (one["role"], one["team"]) == ("agent", "product-care")]
    for one in agents:
        one["shifts"] = ["far"]
    agents[0]["capacity"] = 1
    pack = {"id": "later", "version": "1", "extends": "default", "staff": said["staff"], "shifts": [shift]}
    (directory / "later").mkdir()
    (directory / "later" / "pack.yaml").write_text(yaml.safe_dump(pack), encoding="utf-8")
    return directory / "later"


async def signed(outside: Outside, verb: str, actor: str, command_id: str, **data: Any) -> Json:
    """Reply to a sign-on or sign-off; sent again while routing is away, as any sender would."""
    body = {"command_id": command_id, "actor": {"id": actor}, "data": data}
    async with asyncio.timeout(PATIENCE):
        while True:
            reply = await outside.ask(f"complaints.v1.command.{verb}", body)
            if reply.get("ok") or reply["error"]["code"] != "unavailable":
                return reply
            await asyncio.sleep(0.2)


async def owned(outside: Outside, complaint: str) -> list[tuple[str, str]]:
    """Owners so far, with the reasons of their assignments."""
    facts = [one["data"] for one in await outside.facts(complaint) if name_of(one) == "assigned"]
    return [(one["owner"], one["why"]) for one in facts]


async def test_complaints_wait_gravest_first_until_a_person_signs_on_and_has_room(tmp_path: Path) -> None:
    directory = tmp_path / "stack"
    stack = Stack(directory, policy=str(later_today(tmp_path)), with_board=False)
    ready = await stack.start()
    outside = await Outside.connect(
        ready.nats_url, ready.credentials.publisher, ready.credentials.agent, patience=30
    )
    try:
        light = await outside.submit(hints={"category": "product", "severity": 1})
        assert (await outside.until(light, "queued"))["data"]["to"] == "lead-1"
        grave = await outside.submit(hints={"category": "product", "severity": 4})
        waits = (await outside.until(grave, "queued"))["data"]
        assert (waits["to"], waits["team"], waits["waits"]) == (
            "lead-1",
            "product-care",
            ["off_shift", "team"],
        )
        state = await outside.query("complaint", complaint_id=grave)
        assert (state["owner"], state["level"]) == ("lead-1", 1)
        assert "response_24h" in {one["obligation"] for one in state["obligations"]}
        listed = (await outside.query("worklist", owner="lead-1"))["items"]
        assert all(one["queued_since"] for one in listed)
        assert (await outside.query("backlog"))["queued"] == 2

        await stack.kill("routing")
        name = uuid.uuid4().hex
        reply = await signed(outside, "sign_on", "agent-1", name)
        assert reply["ok"], reply
        assert (reply["result"]["staff"], reply["result"]["present"]) == ("agent-1", True)
        assert not {"complaint_id", "stage"} & reply.keys()
        await stack.kill("routing")
        await outside.until(grave, "assigned", times=2)
        assert await owned(outside, grave) == [("lead-1", "triage"), ("agent-1", "queue")]
        assert await owned(outside, light) == [("lead-1", "triage")]

        assert await signed(outside, "sign_on", "agent-1", name) == reply
        other = await signed(outside, "sign_on", "agent-2", name)
        assert (other["error"]["code"], other["error"]["field"]) == ("malformed", "command_id")
        vain = await signed(outside, "sign_on", "agent-4", uuid.uuid4().hex, staff="agent-2")
        assert (vain["error"]["code"], vain["error"]["field"]) == ("not_allowed_now", "data.staff")
        presence = await outside.query("presence", team="product-care")
        assert {one["staff"]: one["present"] for one in presence["people"]} == {
            "agent-1": True,
            "agent-2": False,
            "agent-3": False,
        }
        assert [one["command_id"] for one in presence["signings"]] == [name]

        await _resolved(outside, grave)
        await outside.until(light, "assigned", times=2)
        assert await owned(outside, light) == [("lead-1", "triage"), ("agent-1", "queue")]
        off = await signed(outside, "sign_off", "lead-1", uuid.uuid4().hex, staff="agent-1")
        assert off["ok"], off
        third = await outside.submit(hints={"category": "product"})
        assert (await outside.until(third, "queued"))["data"]["to"] == "lead-1"
        for check in ("reconcile", "verify"):
            more = ["--all"] if check == "verify" else []
            ran = await amends(check, *more, "--dir", str(directory), "--json")
            assert ran.status == 0, ran.out + ran.err
    finally:
        await outside.close()
        await stack.stop()


async def _resolved(outside: Outside, complaint: str) -> None:
    """Resolve it by its present owner."""
    owner = (await owned(outside, complaint))[-1][0]
    await answered(outside, complaint, owner)
    await settled(outside, complaint, owner)
