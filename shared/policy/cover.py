"""Gaps in the cover of a team: none of its agents is on shift, though its shifts surround the time. Pure.

A gap concerns the two people whose shifts border it (`sources.md` 93).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from shared.clocks.working_time import Interval
from shared.policy.models import Pack
from shared.policy.roster import Staff
from shared.policy.timetable import Exchange, Timetable

AHEAD = timedelta(days=14)
"""Time for which gaps are looked for."""

AROUND = timedelta(days=7)
"""Time before and after it in which the bordering shifts are looked for."""

CLOSED = timedelta(hours=6)
"""Shortest time between two shifts in which a team is closed; a shorter one is a gap."""


@dataclass(frozen=True)
class CoverGap:
    """Time without cover. `before` is the person whose shift ends at its start or before, `after` the person
    whose shift begins at its end or later; None if there is no such shift within a week.
    """

    team: str
    since: datetime
    until: datetime
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Turn:
    """Planned time of one person."""

    since: datetime
    until: datetime
    who: str


def gaps(pack: Pack, now: datetime, exchanges: Mapping[str, Exchange] | None = None) -> list[CoverGap]:
    """Gaps of the coming 14 days, of every team that has shifts; `exchanges` are swapped shifts."""
    return [
        gap
        for team in pack.teams
        for gap in _of_team(pack, team.id, now, exchanges or {})
        if gap.since < now + AHEAD and now < gap.until
    ]


def _of_team(pack: Pack, team: str, now: datetime, exchanges: Mapping[str, Exchange]) -> Iterator[CoverGap]:
    agents = [one for one in pack.staff if one.team == team and one.role == "agent"]
    since, until = now - AROUND, now + AHEAD + AROUND
    planned = [turn for one in agents for turn in _turns(pack, one, since, until, exchanges.get(one.id))]
    shifts = [
        turn
        for one in agents
        if one.shifts or one.hours
        for turn in _turns(pack, one.model_copy(update={"absences": []}), since, until)
    ]
    for start, end in _without(_open(shifts), _merged(planned)):
        before = [turn for turn in planned if turn.until <= start]
        after = [turn for turn in planned if end <= turn.since]
        yield CoverGap(
            team,
            start,
            end,
            max(before, key=lambda turn: turn.until).who if before else None,
            min(after, key=lambda turn: turn.since).who if after else None,
        )


def _turns(
    pack: Pack, staff: Staff, since: datetime, until: datetime, exchange: Exchange | None = None
) -> Iterator[Turn]:
    times = Timetable.of(pack, staff).exchanged(exchange)
    while since < until:
        change = min(times.next_change(since) or until, until)
        if times.planned(since):
            yield Turn(since, change, staff.id)
        since = change


def _merged(turns: Iterable[Turn]) -> list[Interval]:
    """Time in which at least one person is on shift, without overlaps, in order."""
    found = list[Interval]()
    for turn in sorted(turns, key=lambda turn: turn.since):
        if found and turn.since <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], turn.until)
        else:
            found.append((turn.since, turn.until))
    return found


def _open(shifts: list[Turn]) -> list[Interval]:
    """Hours of a team: its shifts, and the short times between them that are no break of the same people."""
    found = list[Interval]()
    leave, come = _people(shifts, "until"), _people(shifts, "since")
    for start, end in _merged(shifts):
        if found and start - found[-1][1] < CLOSED and leave[found[-1][1]] != come[start]:
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return found


def _people(turns: list[Turn], border: str) -> dict[datetime, set[str]]:
    """People whose turns have this border, by its instant."""

    def at(turn: Turn) -> datetime:
        return getattr(turn, border)  # type: ignore[no-any-return]

    return {when: {one.who for one in some} for when, some in groupby(sorted(turns, key=at), key=at)}


def _without(hours: list[Interval], cover: list[Interval]) -> Iterator[Interval]:
    """Parts of the hours that are not covered; both are in order."""
    for start, end in hours:
        for since, until in cover:
            if until <= start or end <= since:
                continue
            if start < since:
                yield start, since
            start = max(start, until)
        if start < end:
            yield start, end
