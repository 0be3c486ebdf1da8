"""When the last year of a calendar is over: a check refuses it, and what runs is loud and provisional."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from services.console.audit.checks.calendars import of_policy
from shared.contract.events import DeadlineSet
from shared.policy.assembling import PACKS
from shared.policy.loader import load_policy
from shared.policy.problems import PolicyError
from shared.runtime.policy_in_force import policy_in_force
from tests.unit.bad_packs import TODAY, PackCopy
from tests.unit.cases import play
from tests.unit.certified import faults, verified

NEW_YEAR = date(2029, 1, 1)


def test_every_built_in_pack_still_starts_on_new_years_day_under_the_same_hash_and_reports_it() -> None:
    for pack in PACKS.iterdir():
        with pytest.raises(PolicyError, match="leaves out the present year"):
            load_policy(pack.name, NEW_YEAR)
        with structlog.testing.capture_logs() as said:
            policy = policy_in_force(pack.name, NEW_YEAR)
        assert policy.identity == load_policy(pack.name, TODAY).identity
        assert {(one["event"], one["log_level"]) for one in said} == {("no_holidays_known", "warning")}
        assert policy.calendar.id in {one["calendar"] for one in said}


def test_a_service_that_starts_in_a_known_year_reports_nothing() -> None:
    with structlog.testing.capture_logs() as said:
        policy_in_force("default", TODAY)
    assert said == []


def test_a_complaint_opened_then_is_provisional_in_working_time_and_certain_in_elapsed_time() -> None:
    at = datetime(2029, 1, 2, 2, 0, tzinfo=UTC)
    under = policy_in_force("default", at.date())
    case = play(at, under=under)
    flags = {one.obligation: one.provisional for one in case.all(DeadlineSet)}
    assert (flags["resolution"], flags["response_24h"]) == (True, False)
    assert faults(verified(case, under)) == {}


def test_a_running_service_refuses_all_else_that_a_check_refuses(tmp_path: Path) -> None:
    pack = PackCopy(tmp_path).change("pack.yaml", "first_year: 2024", "first_year: 2027")
    with pytest.raises(PolicyError, match="2027 leaves out the present year; allowed are 2000 to 2026"):
        policy_in_force(str(pack.directory), TODAY)


@pytest.mark.parametrize(
    ("today", "state", "seen"),
    [
        (date(2026, 9, 30), "ok", "its holidays are known until 2026-12-31"),
        (date(2026, 10, 1), "warning", "known until 2026-12-31: what falls due later is provisional"),
        (date(2026, 12, 31), "warning", "known until 2026-12-31"),
        (date(2027, 1, 1), "warning", "ended with 2026-12-31: every deadline in working time is provisional"),
    ],
)
def test_doctor_warns_three_months_before_a_calendar_ends(today: date, state: str, seen: str) -> None:
    (finding,) = of_policy(load_policy("default", TODAY).content, today)
    assert (finding.part, finding.state) == ("calendar cn", state)
    assert seen in finding.seen
    assert ("policy migrate" in finding.remedy) == (state == "warning")


def test_doctor_looks_at_every_calendar_of_the_policy() -> None:
    content = load_policy("default,uk-disp,us-cfpb", TODAY).content
    found = {finding.part: finding.state for finding in of_policy(content, TODAY + timedelta(days=1))}
    assert found == {"calendar cn": "warning", "calendar gb-eng": "ok", "calendar us": "ok"}
