"""Random calendars, starts and pauses for the tests of `shared.clocks`, thickest around clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

from hypothesis import strategies as st

from shared.clocks.calendar import Calendar, Shift

# Changes at and before midnight, by half an hour or two hours, around Ramadan; quarter-hour offsets.
_ODD_ZONES = [
    "Europe/London",
    "America/New_York",
    "Asia/Shanghai",
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/Nuuk",
    "America/Santiago",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Easter",
    "Pacific/Kiritimati",
]
_CHANGES = [
    date(2026, 3, 8), date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 1), date(2026, 4, 24),
    date(2026, 4, 5), date(2026, 10, 4), date(2026, 9, 6), date(2026, 10, 29), date(2024, 2, 29),
    date(2025, 12, 31), date(2026, 2, 15), date(2026, 3, 22),
]  # fmt: skip

zones = st.one_of(st.sampled_from(_ODD_ZONES), st.sampled_from(sorted(available_timezones())))


@st.composite
def starts(draw: st.DrawFn) -> datetime:
    """Whole minute, in UTC, often within days of a clock change."""
    years = st.dates(date(2024, 1, 1), date(2027, 12, 1))
    day = draw(st.one_of(st.sampled_from(_CHANGES), years)) - timedelta(days=draw(st.integers(0, 4)))
    minute = draw(st.integers(0, 24 * 60 - 1))
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute)


@st.composite
def shifts(draw: st.DrawFn) -> list[Shift]:
    """Shifts of a day, up to three; they may touch, begin at 00:00, end at 24:00 and run over midnight."""
    first = draw(st.sampled_from([0, 0, 5 * 60, 9 * 60]))
    edges = sorted(draw(st.lists(st.integers(first, 24 * 60), min_size=2, max_size=6, unique=True)))
    found = [(edges[i], edges[i + 1]) for i in range(0, len(edges) - 1, draw(st.sampled_from([1, 2, 2])))]
    if draw(st.booleans()):
        start, end = found[-1]
        found[-1] = start, draw(st.integers(end, start + 24 * 60) | st.just(start + 24 * 60))
    return found


def _apart(day: list[Shift], following: list[list[Shift]]) -> list[Shift]:
    """Shifts of a day, the last ended where a following day begins to work."""
    start, end = day[-1]
    return [*day[:-1], (start, min([end, *(24 * 60 + one[0][0] for one in following)]))]


@st.composite
def calendars(draw: st.DrawFn, around: datetime, days: int = 8) -> Calendar:
    """Any of the 127 sets of weekdays, each with its own shifts; holidays and make-up days near `around`."""
    weekdays = sorted(draw(st.sets(st.integers(0, 6), min_size=1)))
    near = [around.date() + timedelta(days=number) for number in range(-1, days + 1)]
    special = draw(st.lists(st.sampled_from(near), unique=True, max_size=4))
    cut = draw(st.integers(0, len(special)))
    week = {weekday: draw(shifts()) for weekday in weekdays}
    own = {day: draw(shifts()) for day in special[cut:] if draw(st.booleans())}
    as_ = draw(st.sampled_from(weekdays))
    made_up = [*own.values(), week[as_]] if special[cut:] else []
    after = {one: [week[(one + 1) % 7]] if (one + 1) % 7 in week else [] for one in range(7)}
    if made_up:
        after[as_] = [*week.values()]
    return Calendar(
        id="random",
        version="1",
        zone=draw(zones),
        shifts={one: _apart(day, [*after[one], *made_up]) for one, day in week.items()},
        holidays=special[:cut],
        make_up_days=special[cut:],
        make_up_shifts_as=as_,
        make_up_shifts={day: _apart(one, [*made_up, *week.values()]) for day, one in own.items()},
        published_from=draw(st.none() | st.sampled_from(near)),
        published_through=draw(st.sampled_from([*near, date(2027, 12, 31)])),
    )


def pauses(minutes: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Up to four pauses as (from, to) in minutes after the start; some overlap, some begin before it."""
    edge = st.integers(-600, minutes)
    return st.lists(st.tuples(edge, edge).map(lambda pair: (min(pair), max(pair))), max_size=4)


@st.composite
def contacts(draw: st.DrawFn) -> tuple[str, Calendar]:
    """Contact hours as text, and the same as a calendar in the complainant's zone without free days."""
    first = draw(st.integers(0, 23))
    last = draw(st.integers(0, 24).filter(lambda hour: hour != first))
    hours = f"{first:02}:00-{last:02}:00"
    every_day = {weekday: [hours] for weekday in range(7)}
    return hours, Calendar(
        id="contact", version="1", zone=draw(zones), shifts=every_day, published_through=date(2027, 12, 31)
    )
