"""A new year's calendar and the house's own days off, from YAML to deadlines that facts set again."""

from datetime import UTC, date, datetime
from pathlib import Path
from textwrap import dedent

import pytest

from services.routing.rules.migration import preview
from shared.clocks.calendar import Calendar
from shared.clocks.published import SpecialDays, published_calendar
from shared.contract.events import DeadlineMoved, DeadlineSet, PolicyMigrated
from shared.policy.loader import Policy, load_policy
from shared.policy.pinned import pin
from tests.unit.bad_packs import TODAY, PackCopy
from tests.unit.cases import play, policy
from tests.unit.certified import faults, verified

LAST = "  last_year: 2028"
ANNOUNCED = """
  announced:
    2027:
      holidays: [2027-01-01, 2027-01-02, 2027-01-03, 2027-02-05, 2027-02-08, 2027-02-09, 2027-02-10]
      make_up_days: [2026-12-27, 2027-02-13, 2027-02-14]
"""
OWN = """
  holidays: [2026-12-24, 2026-12-31]
  make_up_days: [2026-12-26]
"""


def written(pack: PackCopy, text: str) -> PackCopy:
    """The pack with more in its calendar."""
    return pack.change("pack.yaml", LAST, text.strip("\n") + "\n" + LAST)


def loaded(pack: PackCopy, text: str) -> Policy:
    return load_policy(str(written(pack, text).directory), TODAY)


def worked(calendar: Calendar, *days: str) -> list[bool]:
    return [calendar.is_working_day(date.fromisoformat(day)) for day in days]


def test_an_announced_year_replaces_the_guess_and_is_certain(pack: PackCopy) -> None:
    guessed, found = policy().calendar, loaded(pack, ANNOUNCED).calendar
    assert (guessed.published_through, found.published_through) == (date(2026, 12, 31), date(2027, 12, 31))
    assert worked(guessed, "2027-04-05", "2027-10-01") == [False, False]
    assert worked(found, "2027-04-05", "2027-10-01") == [True, True], "what was not announced is no holiday"
    assert worked(found, "2027-02-08", "2027-02-13", "2027-02-20") == [False, True, False]
    assert worked(found, "2026-12-27", "2026-10-01") == [True, False], "its first make-up day lies before it"
    assert ", announced 2027, " in found.version


def test_the_houses_own_days_go_before_all_others(pack: PackCopy) -> None:
    found = loaded(pack, OWN).calendar
    assert worked(policy().calendar, "2026-12-24", "2026-12-26", "2026-12-31") == [True, False, True]
    assert worked(found, "2026-12-24", "2026-12-26", "2026-12-31") == [False, True, False]
    assert found.published_through == date(2026, 12, 31)
    assert ", 3 days of its own, " in found.version


def test_a_published_make_up_day_may_be_free_and_a_holiday_worked(pack: PackCopy) -> None:
    found = loaded(pack, "  holidays: [2026-10-10]\n  make_up_days: [2026-10-07]").calendar
    assert worked(policy().calendar, "2026-10-10", "2026-10-07") == [True, False]
    assert worked(found, "2026-10-10", "2026-10-07") == [False, True]


def test_a_published_make_up_day_may_have_hours_of_its_own(pack: PackCopy) -> None:
    """2026-10-10 is a make-up day of China's National Day."""
    found = loaded(pack, '  make_up_shifts: {2026-10-10: ["09:00-13:00"]}').calendar
    assert found.shifts_on(date(2026, 10, 10)) == ((540, 780),)
    assert policy().calendar.shifts_on(date(2026, 10, 10)) == policy().calendar.shifts[0]


BAD = [
    ('  make_up_shifts: {2026-10-11: ["09:00-13:00"]}', "make_up_shifts.2026-10-11",
     "2026-10-11 is no make-up day; those of 2026 are: 2026-01-04, "),
    ("  make_up_shifts: {2026-10-10: []}", "make_up_shifts.2026-10-10", "a make-up day needs a shift"),
    ('  make_up_shifts: {2026-10-10: ["09:00-09:00"]}', "make_up_shifts.2026-10-10.0",
     "must end after it starts"),
    ("  published: 2027", "published", "2027 lies after 2026, and later holidays of CN are not known here"),
    ("  published: 2020", "published", "must not be before first_year, 2024"),
    ("  announced: {2028: {holidays: [2028-01-03]}}", "announced.2028", "nothing is known of 2027; announce"),
    ("  announced: {2029: {holidays: [2029-01-01]}}", "announced.2029",
     "2029 is no year of this calendar; allowed are 2024 to 2028"),
    ("  announced: {2027: {holidays: []}}", "announced.2027.holidays", "at least 1 item"),
    ("  announced: {2027: {holidays: [2027-01-01], days: []}}", "announced.2027.days",
     "there is no such field"),
    ("  announced: {2027: {holidays: [2027-02-30]}}", "announced.2027.holidays.0",
     "'2027-02-30' is not a date"),
    ("  announced: {2027-02-30: {}}", "announced", "'2027-02-30' is not a date"),
    ("  announced: {2027: {holidays: [2028-01-01]}}", "announced.2027.holidays.0",
     "2028-01-01 is not allowed here; allowed are 2026-12-01 to 2027-12-31"),
    ("  announced: {2027: {holidays: [2027-01-01], make_up_days: [2027-02-10]}}",
     "announced.2027.make_up_days.0", "2027-02-10 is a Wednesday; allowed are Saturdays and Sundays"),
    ("  announced: {2027: {holidays: [2027-01-02], make_up_days: [2027-01-02]}}",
     "announced.2027.make_up_days.0", "2027-01-02 is also in `holidays`; keep one of them"),
    ("  holidays: [2026-12-24, 2026-12-24]", "holidays.1", "2026-12-24 is also in `holidays`"),
    ("  holidays: [2016-12-24]", "holidays.0", "allowed are 2024-01-01 to 2028-12-31"),
    ("  make_up_days: [2026-12-24]", "make_up_days.0", "2026-12-24 is a Thursday, and worked anyway"),
    ("  holidays: [Christmas]", "holidays.0", "and not 'Christmas'"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "field", "says"), BAD)
def test_an_impossible_date_is_refused_at_its_place(pack: PackCopy, text: str, field: str, says: str) -> None:
    problem = written(pack, text).problem()
    assert (problem.file, problem.field) == ("pack.yaml", f"calendar.{field}")
    assert problem.line == pack.line_of("pack.yaml", text.strip("\n"))
    assert says in problem.sentence


def test_years_long_after_the_data_end_are_never_taken_for_certain() -> None:
    """Also where the calendar begins so late that none of its years, nor those just before, moves a day."""
    week: dict[int, list[str]] = {day: ["09:00-17:00"] for day in range(5)}
    later = published_calendar("CN", "Asia/Shanghai", week, 2041, 2042)
    assert later.published_through < date(2041, 1, 1)
    year = SpecialDays(frozenset([date(2041, 10, 1)]))
    certain = published_calendar("CN", "Asia/Shanghai", week, 2041, 2042, announced={2041: year})
    assert certain.published_through == date(2041, 12, 31)
    fixed = published_calendar("GB-ENG", "Europe/London", week, 2041, 2042)
    assert fixed.published_through == date(2042, 12, 31)


def test_a_calendar_beside_the_pack_is_that_of_its_regimes_too(tmp_path: Path) -> None:
    pack = PackCopy(tmp_path, of="cn-samr")
    china = (Path(__file__).parents[2] / "shared/policy/calendars/cn.yaml").read_text(encoding="utf-8")
    pack.add("calendars/cn.yaml", china + dedent(ANNOUNCED))
    pack.add("pack.yaml", "calendar: cn\n")
    found = load_policy(str(pack.directory), TODAY)
    assert found.calendars == {}
    assert found.calendar.published_through == date(2027, 12, 31)


def test_provisional_deadlines_are_set_again_with_facts_after_a_new_year_in_yaml(pack: PackCopy) -> None:
    """The pack gets the year 2027; a dry run lists it, a migration applies it (`sources.md` U18)."""
    case = play(datetime(2026, 12, 21, 2, 0, tzinfo=UTC))
    was = next(one for one in case.all(DeadlineSet) if one.obligation == "resolution")
    assert (was.due, was.provisional) == (datetime(2027, 1, 12, 10, 0, tzinfo=UTC), True)
    later = loaded(pack, ANNOUNCED)
    under = pin(later, case.opening.pinned.team, case.opening.pinned.chain)
    (move,) = preview(case.case.state, under, case.now).moves
    assert (move.obligation, move.was_provisional, move.provisional) == ("resolution", True, False)
    case.migrated(later)
    moved = case.last(DeadlineMoved)
    assert (moved.due, moved.provisional) == (datetime(2027, 1, 11, 10, 0, tzinfo=UTC), False)
    assert case.last(PolicyMigrated).to == later.identity
    assert faults(verified(case, policy(), later)) == {}


def test_company_days_off_move_what_runs_once_it_is_migrated_and_nothing_before(pack: PackCopy) -> None:
    case = play(datetime(2026, 12, 7, 2, 0, tzinfo=UTC))
    later = loaded(pack, "  holidays: [2026-12-24]")
    (due,) = [one.due for one in case.all(DeadlineSet) if one.obligation == "resolution"]
    case.later(hours=1)
    assert case.all(DeadlineMoved) == []
    assert due == datetime(2026, 12, 28, 10, 0, tzinfo=UTC)
    case.migrated(later)
    assert case.last(DeadlineMoved).due == datetime(2026, 12, 29, 10, 0, tzinfo=UTC)
    assert faults(verified(case, policy(), later)) == {}
