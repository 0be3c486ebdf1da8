"""Contradictions inside a pack that its single fields cannot show."""

from collections.abc import Iterator

from shared.contract.events import FACTS
from shared.policy.models import Pack


def contradictions(pack: Pack) -> Iterator[str]:
    """One sentence per contradiction, first found first."""
    yield from _people(pack)
    yield from _facts(pack)
    for kind, ids in {
        "obligations": [o.id for o in pack.obligations],
        "standards": [s.id for s in pack.standards],
        "remedies": [r.id for r in pack.remedies],
        "teams": [t.id for t in pack.teams],
        "staff": [s.id for s in pack.staff],
    }.items():
        for one in sorted({i for i in ids if ids.count(i) > 1}):
            yield f"{kind}: {one!r} is named twice"


def _people(pack: Pack) -> Iterator[str]:
    role_of = {person.id: person.role for person in pack.staff}
    teams = {team.id for team in pack.teams}
    for team in pack.teams:
        for place, person in (("lead", team.lead), ("manager", team.manager)):
            if role_of.get(person) != place:
                yield f"teams.{team.id}.{place}: {person!r} is not a {place} of `staff`"
        if not any(p.team == team.id and p.role == "agent" for p in pack.staff):
            yield f"teams.{team.id}: has no agent in `staff`"
    for member in pack.staff:
        if member.team not in teams:
            yield f"staff.{member.id}.team: there is no team {member.team!r}"


def _facts(pack: Pack) -> Iterator[str]:
    for obligation in pack.obligations:
        for fact in (obligation.starts, *obligation.met_by):
            if fact not in FACTS:
                known = ", ".join(sorted(FACTS))
                yield f"obligations.{obligation.id}: there is no fact {fact!r}; known are {known}"
