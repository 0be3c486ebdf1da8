"""More time: with a reason, before it runs out, told to the complainant, and not for the 24-hour rule."""

from datetime import UTC, datetime, timedelta

import pytest

from services.routing.rules.state import ObligationClock
from shared.contract.errors import ErrorCode
from shared.contract.events import (
    DeadlineBreached,
    DeadlineExtended,
    DeadlineMoved,
    DeadlineWarned,
    Notice,
)
from tests.unit.case_packs import LONGER, edited
from tests.unit.cases import MONDAY, Playing, play, policy
from tests.unit.certified import certified, faults, verified

DAY = timedelta(days=1)


def _resolution(case: Playing) -> ObligationClock:
    clock = case.case.state.clock("resolution")
    assert clock is not None
    return clock


def _moves(case: Playing, why: str) -> list[DeadlineMoved]:
    return [move for move in case.all(DeadlineMoved) if move.why == why]


def test_an_extension_before_the_end_is_notified_to_the_complainant() -> None:
    case = play()
    until = _resolution(case).due + 5 * DAY
    case.owner("extend", obligation="resolution", until=until, reason="r")
    extended = case.last(DeadlineExtended)
    assert (extended.due, extended.was, extended.reason_ref) == (until, until - 5 * DAY, "r")
    assert case.last(Notice).template == "extension"


def test_an_extended_deadline_still_warns_and_breaches() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    until = _resolution(case).due + 5 * DAY
    case.owner("extend", obligation="resolution", until=until, reason="r")
    case.until(until)
    assert [w.percent for w in case.all(DeadlineWarned) if w.obligation == "resolution"] == [75]
    assert case.last(DeadlineBreached).obligation == "resolution"


def test_an_extended_deadline_still_pauses() -> None:
    """Two working days in a pause are two working days later, also after a named instant."""
    case = play()
    until = datetime(2026, 12, 16, 2, 0, tzinfo=UTC)
    case.owner("extend", obligation="resolution", until=until, reason="r")
    case.owner("pause", reason="r")
    case.later(days=2)
    case.owner("resume", reason="r")
    assert _resolution(case).due == until + 2 * DAY


def test_a_wait_before_an_extension_is_part_of_it() -> None:
    case = play()
    case.owner("pause", reason="r")
    case.later(days=2)
    case.owner("resume", reason="r")
    until = _resolution(case).due + 5 * DAY
    case.owner("extend", obligation="resolution", until=until, reason="r")
    case.owner("pause", reason="r")
    case.later(hours=1)
    case.owner("resume", reason="r")
    assert until <= _resolution(case).due <= until + DAY


def test_a_severity_does_not_take_an_extension_back() -> None:
    case = play()
    until = _resolution(case).due + 5 * DAY
    case.owner("extend", obligation="resolution", until=until, reason="r")
    case.owner("reclassify", severity=5, reason="r")
    assert _resolution(case).due == until


def test_an_extension_after_expiry_is_refused() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    case.later(days=40)
    until = case.now + DAY
    refusal = case.refused(case.owned_by, "extend", obligation="resolution", until=until, reason="r")
    assert (refusal.code, refusal.field) == (ErrorCode.TOO_LATE, "data.obligation")


@pytest.mark.parametrize("name", ["response_24h", "acknowledgement", "no-such-thing"])
def test_the_24_hour_rule_and_what_does_not_exist_cannot_be_extended(name: str) -> None:
    refusal = play().refused("agent-1", "extend", obligation=name, until=MONDAY + 30 * DAY, reason="r")
    assert (refusal.code, refusal.field) == (ErrorCode.NOT_ALLOWED_NOW, "data.obligation")


def test_an_extension_must_give_more_time() -> None:
    case = play()
    until = _resolution(case).due
    refusal = case.refused("agent-1", "extend", obligation="resolution", until=until, reason="r")
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, "data.until")


def test_a_paused_deadline_is_not_extended() -> None:
    case = play()
    case.owner("pause", reason="r")
    until = _resolution(case).due + DAY
    refusal = case.refused("agent-1", "extend", obligation="resolution", until=until, reason="r")
    assert refusal.code == ErrorCode.NOT_ALLOWED_NOW


def _in_march(*, waited: bool) -> Playing:
    """A resolution that somebody extended into a year whose holidays nobody has published."""
    case = play(datetime(2026, 12, 1, 2, 0, tzinfo=UTC))
    if waited:  # until it falls due in that year by itself
        case.owner("pause", reason="r")
        case.later(days=13)
        case.owner("resume", reason="r")
    assert _resolution(case).provisional == waited
    case.owner("extend", obligation="resolution", until=datetime(2027, 3, 1, tzinfo=UTC), reason="r")
    case.lead("approve", request_id="approval-1", approved=True)
    return case


@pytest.mark.parametrize("waited", [False, True], ids=["from this year", "from the next"])
def test_a_named_instant_is_certain_whatever_it_was_before(waited: bool) -> None:
    case = _in_march(waited=waited)
    assert not _resolution(case).provisional
    proof = next(one for one in certified(case) if one["obligation"] == "resolution")
    assert (proof["due"], proof["provisional"]) == ("2027-03-01T00:00:00Z", False)
    assert faults(verified(case)) == {}


def test_a_wait_after_an_extension_is_computed_and_so_provisional() -> None:
    case = _in_march(waited=False)
    case.owner("pause", reason="r")
    case.later(days=7)
    case.owner("resume", reason="r")
    assert case.last(DeadlineMoved).provisional
    assert faults(verified(case)) == {}


@pytest.mark.parametrize("waited", [False, True], ids=["from this year", "from the next"])
def test_a_migration_does_not_move_a_named_instant_and_makes_no_fact_of_it(waited: bool) -> None:
    case = _in_march(waited=waited)
    assert case.migrated(edited(resolution=LONGER)).events == ["policy_migrated"]
    assert faults(verified(case, policy(), edited(resolution=LONGER))) == {}
