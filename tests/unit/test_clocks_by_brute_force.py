"""Clocks against a reference that counts minute by minute (`sources.md` F18, F21 to F23).

A case is one deadline that was compared. Each test says how many it must have compared in one run, so that
`make test` has at least 5 000 in all and `make nightly` 100 000, on the days' clocks as on the others.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.clocks.amounts import Budget, Clock
from shared.clocks.budget import at_fraction, due, due_with_pauses, elapsed_in
from shared.clocks.calendar import Calendar
from shared.clocks.slots import Slot, next_working_slot, slot_after
from tests.thorough import THOROUGH
from tests.unit.brute_clock import MINUTE, BruteClock
from tests.unit.clock_strategies import calendars, contacts, pauses, starts

DAYS = 8
MINUTES = DAYS * 24 * 60

thorough = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def calendars_drawn(number: int) -> settings:
    """So many in `make test`, and as many times more in `make nightly` as that is more thorough."""
    return settings(thorough, max_examples=number * THOROUGH)


class Compared:
    """How many deadlines one test has compared."""

    def __init__(self) -> None:
        self.cases = 0

    def same(self, found: datetime, counted: datetime) -> None:
        assert found == counted
        self.cases += 1

    def at_least(self, cases: int) -> None:
        """A run that compares less, however it came to that, is no proof."""
        assert self.cases >= cases * THOROUGH


def local_date(slot: Slot, calendar: Calendar) -> date:
    return slot.start.astimezone(ZoneInfo(calendar.zone)).date()


def minutes(amount: int, clock: Clock = Clock.BUSINESS) -> Budget:
    return Budget(clock=clock, amount=f"{amount}m")


@pytest.mark.timeout(300 * THOROUGH)
def test_business_deadlines_agree_with_counting_every_minute() -> None:
    compared = Compared()

    @calendars_drawn(500)
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        start = data.draw(starts())
        calendar = data.draw(calendars(start))
        brute = BruteClock(calendar, start, DAYS)
        totals = brute.run(business=True)
        step = max(1, totals[-1] // 200)
        first = data.draw(st.integers(1, step))
        for amount in range(first, totals[-1] + 1, step):
            compared.same(due(start, minutes(amount), calendar), brute.at(brute.reached(totals, amount)))
        for number in range(0, MINUTES, 997):
            used = elapsed_in(Clock.BUSINESS, start, brute.at(number + 1), calendar)
            assert used == MINUTE * totals[number]

    compare()
    compared.at_least(5_000)


@pytest.mark.timeout(300 * THOROUGH)
def test_pauses_and_percentages_agree_with_counting_every_minute() -> None:
    compared = Compared()

    @calendars_drawn(500)
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        start = data.draw(starts())
        calendar = data.draw(calendars(start))
        clock = data.draw(st.sampled_from([Clock.BUSINESS, Clock.ELAPSED]))
        waits = data.draw(pauses(MINUTES))
        brute = BruteClock(calendar, start, DAYS)
        totals = brute.run(clock is Clock.BUSINESS, waits)
        stopped = [(brute.at(from_), brute.at(to)) for from_, to in waits]
        for amount in range(20, totals[-1] + 1, 20 * max(1, totals[-1] // 500)):
            budget = minutes(amount, clock)
            end = brute.at(brute.reached(totals, amount))
            compared.same(due_with_pauses(start, budget, stopped, calendar), end)
            for percent in (50, 75, 90):
                share = brute.at(brute.reached(totals, amount * percent // 100))
                assert at_fraction(start, budget, percent, calendar, stopped) == share
        assert elapsed_in(clock, start, brute.at(MINUTES), calendar, stopped) == MINUTE * totals[-1]

    compare()
    compared.at_least(5_000)


@pytest.mark.timeout(300 * THOROUGH)
def test_deadlines_in_days_agree_with_looking_for_the_end_of_each_day() -> None:
    compared = Compared()

    @calendars_drawn(250)
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        start = data.draw(starts())
        calendar = data.draw(calendars(start))
        brute = BruteClock(calendar, start, DAYS)
        waits = data.draw(pauses(MINUTES))
        stopped = [(brute.at(from_), brute.at(to)) for from_, to in waits]
        for clock, ends in ((Clock.BUSINESS_DAYS, brute.closes()), (Clock.CALENDAR_DAYS, brute.midnights())):
            running = [end for end in ends if not any(from_ < end <= to for from_, to in waits)]
            for day, end in enumerate(ends, 1):
                compared.same(due(start, Budget(clock=clock, amount=day), calendar), brute.at(end))
            for day, end in enumerate(running, 1):
                budget = Budget(clock=clock, amount=day)
                compared.same(due_with_pauses(start, budget, stopped, calendar), brute.at(end))

    compare()
    compared.at_least(2_500)


@pytest.mark.timeout(300 * THOROUGH)
@calendars_drawn(150)
@given(st.data())
def test_a_callback_slot_is_the_first_minute_that_suits_both(data: st.DataObject) -> None:
    at = data.draw(starts())
    calendar = data.draw(calendars(at))
    hours, theirs = data.draw(contacts())
    ours, wanted = BruteClock(calendar, at, DAYS), BruteClock(theirs, at, DAYS)
    both = [a and b for a, b in zip(ours.worked, wanted.worked, strict=True)]
    slot = next_working_slot(at, calendar, hours, theirs.zone)
    first = (slot.start - at) // MINUTE
    if True in both:
        assert first == both.index(True)
        last = (slot.end - at) // MINUTE
        assert all(both[first:last])
        assert last >= MINUTES or not both[last] or ours.owners[last] > ours.owners[first]
    assert BruteClock(theirs, slot.start, 1).worked[0]
    assert calendar.is_working_day(BruteClock(calendar, slot.start.replace(second=0), 1).owners[0])


@calendars_drawn(150)
@given(st.data())
def test_a_further_attempt_is_on_a_later_working_day_on_both_sides(data: st.DataObject) -> None:
    at = data.draw(starts())
    calendar = data.draw(calendars(at))
    hours, theirs = data.draw(contacts())
    before = next_working_slot(at, calendar, hours, theirs.zone)
    after = slot_after(before, calendar, hours, theirs.zone)
    assert local_date(after, theirs) > local_date(before, theirs)
    assert local_date(after, calendar) > local_date(before, calendar)
    from_minute = after.start.replace(second=0, microsecond=0)
    assert BruteClock(theirs, from_minute, 1).worked[0]
    assert calendar.is_working_day(BruteClock(calendar, from_minute, 1).owners[0])
    assert after.end > after.start
