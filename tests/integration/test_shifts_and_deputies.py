"""Shifts, deputies and hand-overs on a whole stack."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from shared.client.fast_forward import fast_forward
from shared.policy.assembling import PACKS
from tests.amends_command import amends
from tests.integration.test_live_people import running, said
from tests.lives import owner_of


def pack(directory: Path, **own: dict[str, Any]) -> Path:
    """Default pack with one agent for products, and with further fields of these people (`lead_1`)."""
    people = yaml.safe_load((PACKS / "default" / "people.yaml").read_text(encoding="utf-8"))
    staff = [one | own.get(one["id"].replace("-", "_"), {}) for one in people["staff"]]
    content = {"id": "shifts", "version": "1", "extends": "default", "staff": staff}
    (directory / "shifts").mkdir()
    (directory / "shifts" / "pack.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return directory / "shifts"


async def test_a_shift_that_ends_is_announced_alarmed_and_signed_over(tmp_path: Path) -> None:
    """All agents have shifts that end in two hours; the fast clock moves past the end."""
    now = datetime.now(UTC)
    end = (now + timedelta(hours=3)).replace(minute=0, second=0, microsecond=0)
    begin = end - timedelta(hours=9)
    hours = {weekday: [f"{begin:%H:%M}-{end:%H:%M}"] for weekday in range(7)}
    own = {f"agent_{number}": {"hours": hours, "zone": "UTC"} for number in range(1, 9)}
    policy = pack(tmp_path, **own)
    async with running(tmp_path / "stack", str(policy)) as (outside, ready):
        client = await Client.connect(ready.temporal_address, data_converter=pydantic_data_converter)
        missed, signed = [await outside.submit(hints={"category": "product"}) for _ in range(2)]
        owner = await owner_of(outside, signed)
        to = "lead-1"
        await outside.do("hand_over", signed, owner, to=to)
        await outside.do("accept_transfer", signed, to)
        await owner_of(outside, missed)
        await fast_forward(client, missed, end - now - timedelta(minutes=10))
        (due,) = await said(outside, missed, "hand_over_due")
        assert datetime.fromisoformat(due["by"]) == end
        await fast_forward(client, missed, timedelta(minutes=20))
        (alarm,) = await said(outside, missed, "hand_over_missed")
        assert (alarm["to"], alarm["by"]) == ("lead-1", due["by"])
        await fast_forward(client, signed, end - now + timedelta(minutes=20))
        assert await said(outside, signed, "hand_over_due") == []
        assert (await outside.query("complaint", complaint_id=signed))["owner"] == "lead-1"


async def test_the_deputy_of_an_absent_lead_has_the_role_and_many_are_handed_over_at_once(
    tmp_path: Path,
) -> None:
    since = datetime.now(UTC) + timedelta(hours=1)
    until = since + timedelta(hours=40)
    absence = {"since": since.isoformat(), "until": until.isoformat()}
    policy = pack(tmp_path, lead_1={"absences": [absence], "deputies": ["lead-2"]})
    directory = tmp_path / "stack"
    async with running(directory, str(policy)) as (outside, ready):
        client = await Client.connect(ready.temporal_address, data_converter=pydantic_data_converter)
        complaint = await outside.submit(hints={"category": "product"})
        await owner_of(outside, complaint)
        await fast_forward(client, complaint, timedelta(hours=2))
        (changed,) = await said(outside, complaint, "chain_changed")
        assert (changed["lead"], changed["why"]) == ("lead-2", "absent")
        await fast_forward(client, complaint, timedelta(hours=23))
        assert (await outside.until(complaint, "escalated"))["data"]["to"] == "lead-2"
        await fast_forward(client, complaint, timedelta(hours=17))
        assert (await said(outside, complaint, "chain_changed"))[-1]["why"] == "returned"

        mine = [await outside.submit(hints={"category": "product"}) for _ in range(6)]
        owners = {one: await owner_of(outside, one) for one in mine}
        of = [one for one in mine if owners[one] == owners[mine[0]]]
        reply = await outside.command("hand_over", of[0], owners[of[0]], to="lead-2", complaint_ids=mine)
        assert reply["result"]["accepted"] == len(of), reply
        assert {one for one, its in reply["result"]["complaints"].items() if its["ok"]} == {*of}
        taken = await outside.command("accept_transfer", of[0], "lead-2", complaint_ids=of)
        assert taken["result"]["accepted"] == len(of)
        for one in of:
            assert (await outside.until(one, "handed_over"))["data"]["to"] == "lead-2"
            assert (await outside.query("complaint", complaint_id=one))["owner"] == "lead-2"
        for check in ("reconcile", "verify"):
            more = ["--all"] if check == "verify" else []
            ran = await amends(check, *more, "--dir", str(directory), "--json")
            assert ran.status == 0, ran.out + ran.err
