"""Gaps in cover: no agent is there between shifts of a team; both people whose shifts border it are named."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from rich.console import Console

from services.console.audit.checks.cover import of_roster, swapped
from services.console.display.policy_check import as_document, summary
from shared.contract.queries.presence import SwapState
from shared.policy.cover import CoverGap, gaps
from shared.policy.loader import load_policy
from shared.policy.models import Pack
from shared.policy.roster import Absence, Staff

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 0, 0, tzinfo=SHANGHAI)
EARLY, LATE, NIGHT = ({0: [hours]} for hours in ("08:00-12:00", "13:00-18:00", "22:00-06:00"))


def _pack(**people: dict[str, object]) -> Pack:
    """Pack with one team of these people."""
    pack = load_policy("default").pack
    usual = {"role": "agent", "team": "product-care", "languages": ["zh"]}
    others = [one for one in pack.staff if one.role != "agent"]
    staff = [Staff.model_validate(usual | {"id": who} | own) for who, own in people.items()]
    return pack.model_copy(update={"staff": [*others, *staff]})


def _at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=SHANGHAI)


def _gap(since: datetime, until: datetime, before: str | None, after: str | None) -> CoverGap:
    return CoverGap("product-care", since.astimezone(UTC), until.astimezone(UTC), before, after)


def test_the_time_between_two_peoples_shifts_is_a_gap_that_names_both_in_each_of_two_weeks() -> None:
    pack = _pack(a={"hours": EARLY}, b={"hours": LATE})
    assert gaps(pack, NOW) == [
        _gap(_at(23, 12), _at(23, 13), "a", "b"),
        _gap(_at(30, 12), _at(30, 13), "a", "b"),
    ]


def test_what_is_covered_closed_or_a_break_of_the_same_people_is_no_gap() -> None:
    breaks = {0: ["08:00-12:00", "13:00-18:00"]}
    assert gaps(_pack(a={"hours": EARLY}, b={"hours": {0: ["12:00-18:00"]}}), NOW) == []
    assert gaps(_pack(a={"hours": EARLY}, b={"hours": NIGHT}), NOW) == []
    assert gaps(_pack(a={"hours": breaks}, b={"hours": breaks}), NOW) == []
    assert gaps(_pack(a={"hours": EARLY}, b={"hours": LATE}, c={}), NOW) == []
    assert gaps(_pack(a={}, b={}), NOW) == []


def test_a_swap_that_leaves_a_team_without_cover_is_a_gap_and_one_within_it_is_none() -> None:
    hours = {"hours": {0: ["08:00-12:00"]}}
    late = {"hours": {0: ["12:00-18:00"]}}
    pack = _pack(a=hours, b=late, c={"hours": {1: ["08:00-12:00"]}, "team": "price-care"})
    usual = {"by": "a", "by_since": _at(23, 8), "by_until": _at(23, 12), "proposed_at": NOW}
    other = {"to": "c", "to_since": _at(24, 8), "to_until": _at(24, 12)}
    agreed = SwapState.model_validate({"swap_id": "s", "status": "accepted"} | usual | other)
    assert gaps(pack, NOW, swapped([agreed]))[:1] == [_gap(_at(23, 8), _at(23, 12), "b", "b")]
    proposed = agreed.model_copy(update={"status": "proposed"})
    assert gaps(pack, NOW, swapped([proposed])) == []
    inside = {"to": "b", "to_since": _at(23, 12), "to_until": _at(23, 18)}
    assert gaps(pack, NOW, swapped([agreed.model_copy(update=inside)])) == []


def test_an_absence_that_nobody_covers_is_a_gap_between_those_who_are_there_before_and_after() -> None:
    away = [Absence(since=date(2026, 11, 30), until=date(2026, 11, 30))]
    every = {"hours": {0: ["08:00-18:00"]}, "absences": away}
    pack = _pack(a=every, b={"hours": {0: ["06:00-08:00"]}}, c={"hours": {0: ["18:00-20:00"]}})
    assert gaps(pack, NOW) == [_gap(_at(30, 8), _at(30, 18), "b", "c")]
    assert gaps(pack, NOW + timedelta(days=8)) == []


def test_a_gap_over_midnight_within_a_round_of_shifts_is_found() -> None:
    pack = _pack(a={"hours": NIGHT}, b={"hours": {1: ["07:00-15:00"]}})
    assert gaps(pack, NOW)[0] == _gap(_at(24, 6), _at(24, 7), "a", "b")


def test_policy_check_and_doctor_warn_of_gaps_and_the_default_pack_has_none() -> None:
    policy = load_policy("default")
    console = Console(width=300, record=True)
    console.print(summary(policy, NOW))
    assert "no agent on shift" not in console.export_text()
    assert (as_document(policy, NOW)["gaps"], of_roster(policy.pack, NOW).state) == ([], "ok")

    object.__setattr__(policy, "pack", _pack(a={"hours": EARLY}, b={"hours": LATE}))
    words = (
        "product-care has no agent on shift from 2026-11-23 12:00 to 13:00 (Asia/Shanghai), between a and b"
    )
    console.print(summary(policy, NOW))
    assert words in console.export_text()
    assert as_document(policy, NOW)["gaps"][0] == {
        "team": "product-care",
        "since": "2026-11-23T04:00:00Z",
        "until": "2026-11-23T05:00:00Z",
        "before": "a",
        "after": "b",
    }
    found = of_roster(policy.pack, NOW)
    assert found.state == "warning"
    assert words in found.seen
