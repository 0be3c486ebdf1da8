"""A calendar that is over, and the next year that somebody writes into the pack: on a whole stack."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.policy.assembling import PACKS
from tests.amends_command import amends
from tests.integration.test_migration import migrate, running
from tests.lives import owner_of
from tests.outside import Json, Outside, name_of

pytestmark = pytest.mark.nightly


def written(directory: Path, **calendar: Any) -> Path:
    """The default pack with something else in its calendar."""
    said = yaml.safe_load((PACKS / "default" / "pack.yaml").read_text(encoding="utf-8"))["calendar"]
    pack = {"id": directory.name, "version": "1", "extends": "default", "calendar": said | calendar}
    directory.mkdir()
    (directory / "pack.yaml").write_text(yaml.safe_dump(pack), encoding="utf-8")
    return directory


def over(directory: Path) -> Path:
    """Its last year is 2025."""
    return written(directory, last_year=2025)


def announced(directory: Path) -> Path:
    """All years up to the next are announced, and the house is closed for the four days to come."""
    now = datetime.now(UTC).date()
    years = {year: {"holidays": [f"{year}-01-01"]} for year in range(2026, now.year + 2)}
    closed = [now + timedelta(days=number) for number in range(1, 5)]
    years_of = {"last_year": now.year + 1, "published": 2025}
    return written(directory, announced=years, holidays=closed, **years_of)


async def test_an_unpublished_year_is_loud_and_a_published_year_sets_deadlines_again(
    tmp_path: Path,
) -> None:
    directory, old, new = tmp_path / "stack", over(tmp_path / "over"), announced(tmp_path / "announced")
    assert [(await amends("policy", "check", str(pack))).status for pack in (old, new)] == [1, 0]
    async with running(directory, str(old)) as outside:
        complaint = await outside.submit()
        await owner_of(outside, complaint)
        before = await _resolution(outside, complaint)
        assert before["provisional"]
        assert await _doctor(directory) == "warning"
        for service in ("intake", "routing", "followup"):
            assert "no_holidays_known" in (directory / "logs" / f"{service}.log").read_text()
    async with running(directory, str(new)) as outside:
        (listed,) = (await migrate(directory, "--all", "--dry-run")).document["complaints"]
        (move,) = listed["moves"]
        assert (move["was_provisional"], move.get("provisional", False)) == (True, False)
        ran = await migrate(directory, complaint, "--actor", "lead-1", "--reason", "新一年放假安排已公布")
        assert ran.status == 0, ran.err
        after = await _resolution(outside, complaint)
        assert (after["due"], after.get("provisional", False)) == (move["due"], False)
        assert after["due"] > before["due"]
        moved = [e["data"] for e in await outside.facts(complaint) if name_of(e) == "deadline_moved"]
        assert [(one["why"], one["provisional"]) for one in moved if one["was"] == before["due"]] == [
            ("policy", False)
        ]
        proven = await amends("verify", complaint, "--dir", str(directory), "--json")
        assert proven.status == 0, proven.out


async def _resolution(outside: Outside, complaint: str) -> Json:
    state = await outside.query("complaint", complaint_id=complaint)
    return next(one for one in state["obligations"] if one["obligation"] == "resolution")


async def _doctor(directory: Path) -> str:
    """What it says of the calendar; nothing is wrong."""
    ran = await amends("doctor", "--dir", str(directory), "--json")
    assert ran.status == 0, ran.out
    return next(str(one["state"]) for one in ran.document["findings"] if one["part"] == "calendar cn")
