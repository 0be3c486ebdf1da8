"""Check whether additional time was permitted: for one person, for two, or not at all."""

from datetime import timedelta

from services.console.audit.verifier.arithmetic import DAY, DAYS, Budget, Days, Span, due, length, used
from services.console.audit.verifier.clock import RecomputedClock, written
from services.console.audit.verifier.seen import Seen
from services.console.audit.verifier.stream import Event


def wait(seen: Seen, event: Event, stopped: list[RecomputedClock]) -> list[str]:
    """Check that a wait is within what was left for waiting when it began."""
    until, rest = event.instant("until"), seen.pack.allowance("waiting")
    before, faults = seen.spans(event.at), []
    if rest and not within(rest["at_most"], before, (event.at, until), seen.pack.days):
        faults.append(f"{event.id} waits until {written(until)}, longer than any person may let it wait")
    two = any(a.data["what"] == "wait" and a.data.get("until") == event.data["until"] for a in seen.agreed)
    if rest and not two and not within(rest["alone"], before, (event.at, until), seen.pack.days):
        faults.append(f"{event.id} waits until {written(until)}, and no second person agreed to it")
    for clock in stopped:
        since = [(max(a, clock.since), b) for a, b in before if b > clock.since]
        own = clock.rule.own_waits
        if own and not within(own, since, (event.at, until), clock.rule.days):
            faults.append(f"{event.id} lets {clock.name} wait longer than its own time for it")
    return faults


def extension(seen: Seen, clock: RecomputedClock, event: Event) -> list[str]:
    """Check that an extension is within what was left for it: the first by one person, all others by two."""
    rest, due_, faults = seen.pack.allowance("extensions"), event.instant("due"), []
    more = (clock.due, due_)
    if rest and not within(rest["at_most"], clock.extended, more, seen.pack.days):
        faults.append(f"{event.id} extends it by more than any person may give")
    two = any(
        a.data["what"] == "extension"
        and (a.data.get("obligation"), a.data.get("until")) == (clock.name, event.data["due"])
        for a in seen.agreed
    )
    alone = not clock.extended and bool(rest) and within(rest["alone"], [], more, seen.pack.days)
    if rest and not two and not alone:
        faults.append(f"{event.id} extends it, and no second person agreed to it")
    return faults


def within(allowance: Budget, before: list[Span], more: Span, days: Days) -> bool:
    """Whether a further span ends no later than what the spans before it leave of the allowance."""
    total = sum((_taken(allowance["clock"], span, days) for span in before), timedelta(0))
    rest = length(allowance["amount"]) - total
    unit = DAY if allowance["clock"] in DAYS else timedelta(seconds=1)
    if rest < unit:
        return False
    amount = f"{rest // unit}d" if unit == DAY else f"{rest // unit}s"
    return more[1] <= due(more[0], {"clock": allowance["clock"], "amount": amount}, days, [])


def _taken(clock: str, span: Span, days: Days) -> timedelta:
    """Amount of the clock's time that one span takes: whole seconds, or the days that end in it."""
    start, end = span
    if clock not in DAYS:
        second = timedelta(seconds=1)
        return -(-used(clock, start, end, days, []) // second) * second
    date, count = days.work_date(start), 0
    while days.begins(date) <= end:
        closes = (
            [days.begins(date + DAY)] if clock == "calendar_days" else [b for _, b in days.worked(date)][-1:]
        )
        count += any(start < close <= end for close in closes)
        date += DAY
    return DAY * count
