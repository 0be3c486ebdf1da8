"""Contradictions in a pack's roster: people, levels, shifts and skills that do not fit each other."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from shared.contract.values import Category, Sub
from shared.policy.chains import FIRST
from shared.policy.models import Pack
from shared.policy.problems import Loc
from shared.policy.roster import BELOW, Absence, Staff, supervises

Found = Iterator[tuple[Loc, str]]


def roster_problems(pack: Pack) -> Found:
    """Everything in the roster that contradicts something else."""
    yield from _escalation_levels(pack)
    yield from _teams(pack)
    yield from _departments(pack)
    yield from _levels(pack)
    for number, member in enumerate(pack.staff):
        for loc, sentence in _member(pack, member):
            yield ("staff", number, *loc), sentence
    yield from _deputies(pack)
    yield from _renamed(pack)
    rules = [one.rule for one in pack.assignment.relax]
    for number, rule in enumerate(rules):
        if rule in rules[:number]:
            yield ("assignment", "relax", number, "rule"), f"{rule!r} is named twice; keep one of them"
    for role, limits in pack.authority.items():
        if not limits:
            yield ("authority", role), "has no currency; name one such as {CNY: 500}, or leave the role out"


def _teams(pack: Pack) -> Found:
    """Lead and manager of a team are members of the staff, and the team has an agent."""
    for number, team in enumerate(pack.teams):
        for place, person in (("lead", team.lead), ("manager", team.manager)):
            known = [one.id for one in pack.staff if one.role == place]
            if person not in known:
                sentence = f"{person!r} is not a {place} of `staff`; allowed are {_list(known)}"
                yield ("teams", number, place), sentence
        if not any(one.team == team.id and one.role == "agent" for one in pack.staff):
            yield ("teams", number), "has no agent in `staff`"


def _escalation_levels(pack: Pack) -> Found:
    """Check that levels begin with lead and manager, have names of their own, and people."""
    rungs = pack.rungs
    if rungs[:2] != [*FIRST]:
        yield ("escalation_levels",), f"must begin with lead and manager, not {_list(rungs[:2])}"
    for number, level in enumerate(rungs):
        if level in rungs[:number]:
            yield ("escalation_levels", number, "id"), f"{level!r} is named twice; allowed is each level once"
        elif not supervises(level):
            sentence = f"{level!r} has a meaning of its own; allowed are other names, such as director"
            yield ("escalation_levels", number, "id"), sentence
        elif not any(one.role == level for one in pack.staff):
            yield ("escalation_levels", number), f"no person of `staff` has the role {level}; name one"
    yield from _of_levels(pack)


def _of_levels(pack: Pack) -> Found:
    """Check that each level that is named exists."""
    rungs = pack.rungs
    used: list[tuple[Loc, str]] = [
        (("authority", role), role) for role in pack.authority if role not in BELOW
    ]
    for trigger, terms in pack.feedback.items():
        used += [(("feedback", trigger, "to", place), role) for place, role in enumerate(terms.to)]
    used += [(("commanders", severity), role) for severity, role in pack.commanders.items()]
    for number, team in enumerate(pack.teams):
        used += [(("teams", number, "above", role), role) for role in team.above]
    for loc, role in used:
        if role not in rungs:
            yield loc, f"there is no level {role!r}; allowed are {_list(rungs)}"
    for number, team in enumerate(pack.teams):
        for role, who in team.above.items():
            known = [one.id for one in pack.staff if one.role == role]
            if role in rungs and who not in known:
                sentence = f"{who!r} is not a {role} of `staff`; allowed are {_list(known)}"
                yield ("teams", number, "above", role), sentence


def _departments(pack: Pack) -> Found:
    """Lead and head of a department are of the staff, and its id is the id of no team."""
    known = sorted(one.id for one in pack.staff)
    teams = [team.id for team in pack.teams]
    for number, one in enumerate(pack.departments):
        if one.id in teams:
            yield ("departments", number, "id"), f"{one.id!r} is a team already; use another id"
        for place, person in (("lead", one.lead), ("head", one.head)):
            if person not in known:
                sentence = f"there is no person {person!r} in `staff`; allowed are {_list(known)}"
                yield ("departments", number, place), sentence


def _levels(pack: Pack) -> Found:
    """Levels lead up to a highest one, and a higher level may own what a lower one may."""
    levels = {level.id: level for level in pack.levels}
    above = {level.id: [level.above] if level.above else [] for level in pack.levels}
    for number, level in enumerate(pack.levels):
        higher = levels.get(level.above or "")
        if level.above and higher is None:
            sentence = f"there is no level {level.above!r}; allowed are {_list(sorted(levels))}"
            yield ("levels", number, "above"), sentence
        elif circle := _circle(level.id, above):
            yield ("levels", number, "above"), f"leads back to itself: {' > '.join(circle)}"
        elif higher and higher.up_to < level.up_to:
            sentence = f"is more than {higher.up_to} of {higher.id}, the level above; allowed are up to that"
            yield ("levels", number, "up_to"), sentence


def _member(pack: Pack, member: Staff) -> Found:
    """Names in one entry that nothing in the pack has."""
    inside = member.role == "department"
    teams = sorted(one.id for one in (pack.departments if inside else pack.teams))
    if member.team not in teams:
        kind = "department" if inside else "team"
        yield ("team",), f"there is no {kind} {member.team!r}; allowed are {_list(teams)}"
    roles = [*BELOW, *pack.rungs]
    if member.role not in roles:
        yield ("role",), f"there is no role {member.role!r}; allowed are {_list(roles)}"
    levels = [level.id for level in pack.levels]
    if member.level and member.level not in levels:
        yield ("level",), f"there is no level {member.level!r}; allowed are {_list(levels)}"
    skills = [*Category, *Sub, *pack.regimes, *pack.skills]
    for skill in member.skills:
        if skill not in skills:
            yield ("skills", skill), f"there is no skill {skill!r}; allowed are {_list(skills)}"
    shifts = [shift.id for shift in pack.shifts]
    for number, shift in enumerate(member.shifts):
        if shift not in shifts:
            yield ("shifts", number), f"there is no shift {shift!r}; allowed are {_list(shifts)}"
    for number, absence in enumerate(member.absences):
        if not _in_order(absence):
            yield ("absences", number, "until"), f"must be after `since`, {absence.since.isoformat()}"


def _in_order(absence: Absence) -> bool:
    """Whether an absence ends after it starts; a date and an instant are compared by their days."""
    since, until = absence.since, absence.until
    if isinstance(since, datetime) and isinstance(until, datetime):
        return since < until
    first, last = (one.date() if isinstance(one, datetime) else one for one in (since, until))
    return first <= last


def _deputies(pack: Pack) -> Found:
    """Deputies are others of the staff, and no chain of deputies leads back to its beginning."""
    known = sorted(one.id for one in pack.staff)
    deputies = {one.id: list(one.deputies) for one in pack.staff}
    for number, member in enumerate(pack.staff):
        for place, deputy in enumerate(member.deputies):
            loc: Loc = ("staff", number, "deputies", place)
            if deputy not in deputies:
                yield loc, f"there is no person {deputy!r} in `staff`; allowed are {_list(known)}"
            elif circle := _circle(member.id, deputies, first=deputy):
                yield loc, f"leads back to {member.id}: {' > '.join(circle)}"


def _renamed(pack: Pack) -> Found:
    """Check that each former id means one person, and is no present id."""
    present, former = {one.id for one in pack.staff}, dict[str, str]()
    for number, member in enumerate(pack.staff):
        for place, was in enumerate(member.formerly):
            loc: Loc = ("staff", number, "formerly", place)
            if was in present:
                yield loc, f"{was!r} is a person of `staff`; allowed are ids that are free now"
            elif former.setdefault(was, member.id) != member.id:
                yield loc, f"{was!r} is a former id of {former[was]}; allowed is one person"


def _circle(start: str, after: Mapping[str, list[str]], first: str | None = None) -> list[str]:
    """Way from `start` back to itself, its next step `first` if one is given; empty if there is none."""
    ways = [[start, one] for one in after.get(start, []) if first in (None, one)]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        if way[-1] == start:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [[*way, one] for one in after.get(way[-1], [])]
    return []


def _list(words: list[str]) -> str:
    return ", ".join(words) or "none"
