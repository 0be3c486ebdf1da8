"""Choice of a complaint's owner and supervisors: able, least loaded, and never a person whom it concerns.
Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.routing.rules.renewing import People, Question
from shared.contract.concerned import concerned_in
from shared.contract.events import Received
from shared.contract.values import NOBODY, Category, Concerned
from shared.policy.deputies import Deputies, end_of_shift, next_absence, renamed, timed
from shared.policy.models import Pack
from shared.policy.people import concerned_people, people, roster_id
from shared.policy.pinned import Chain
from shared.policy.roster import SUPERVISORS, Role, Staff, Team


@dataclass(frozen=True)
class Assignment:
    """Accountable person, their team, and the supervisors; `nobody` where all of them are concerned."""

    owner: str
    team: str
    chain: Chain


def assign(pack: Pack, category: Category, received: Received, load: Mapping[str, int]) -> Assignment:
    """First owner of a complaint; `load` is the number of open complaints of each member of staff."""
    now = received.recorded_at
    return choose(pack, category, received.language, concerned_in(received), load, now=now)


def choose(
    pack: Pack,
    category: Category,
    language: str,
    concerned: Concerned,
    load: Mapping[str, int],
    team: str | None = None,
    now: datetime | None = None,
) -> Assignment:
    """Owner and chain for a complaint about these people and units, in `team` if that is still possible."""
    own = _team(pack, category, concerned, team)
    free = without_interest(pack, concerned)
    lead = _above(free, "lead", own.lead)
    chain = Chain(lead=lead, manager=_above(free, "manager", own.manager, taken=lead))
    chain = Deputies(pack, now).chain(chain, concerned) if now else chain
    return Assignment(_owner(free, own, language, chain, load), own.id, chain)


def look_up(pack: Pack, asked: Question, load: Mapping[str, int]) -> People:
    """People who should handle a complaint by this pack, and the present role of those who have a part in
    it.
    """
    found = choose(pack, asked.category, asked.language, asked.concerned, load, asked.team, asked.at)
    own = next(team for team in pack.teams if team.id == found.team)
    named = renamed(pack, [*asked.asked, *asked.concerned.staff])
    holders = {*asked.asked, *named.values(), found.owner, found.chain.lead, found.chain.manager}
    watched, everybody = {*holders, own.lead, own.manager}, people(pack)
    return People(
        roster=roster_id(pack),
        owner=found.owner,
        team=found.team,
        chain=found.chain,
        roles={one: everybody[one] for one in sorted(holders) if one in everybody},
        units=[team.id for team in pack.teams],
        away=_away(pack, watched, asked),
        renamed=named,
        shift_end=end_of_shift(pack, named.get(asked.owner, asked.owner), asked.at),
        timed=timed(pack),
        changes_at=next_absence(pack, watched, asked.at),
    )


def _away(pack: Pack, watched: Iterable[str], asked: Question) -> dict[str, str]:
    """Absent people among these, with their deputies, or `nobody`."""
    deputies, able = Deputies(pack, asked.at), {one.id for one in without_interest(pack, asked.concerned)}
    absent = [one for one in sorted(watched) if deputies.away(one)]
    return {one: deputies.acting(one, lambda by: by.id in able) or NOBODY for one in absent}


def without_interest(pack: Pack, concerned: Concerned) -> list[Staff]:
    """Staff who handle complaints and are not concerned: neither named, nor in a named unit, nor its lead."""
    interested = concerned_people(people(pack), concerned)
    return [one for one in pack.staff if one.role != "privacy" and one.id not in interested]


def _team(pack: Pack, category: Category, concerned: Concerned, wanted: str | None) -> Team:
    """Wanted team, or else the team for the category; not a unit that the complaint concerns."""
    others = [team for team in pack.teams if not concerned.holds("", [team.id])] or pack.teams
    fitting = [team for team in others if team.id == wanted]
    fitting += [team for team in others if category in team.categories]
    return (fitting or others)[0]


def _owner(free: list[Staff], team: Team, language: str, chain: Chain, load: Mapping[str, int]) -> str:
    """Least loaded agent who is able; else a supervisor; else any free person."""
    agents = [person for person in free if person.role == "agent"]
    team_mates = [person for person in agents if person.team == team.id] or agents
    able = [one for one in team_mates if language.split("-")[0] in one.languages] or team_mates
    room = [one for one in able if load.get(one.id, 0) < one.capacity]
    if not room and chain.lead != NOBODY:
        return chain.lead
    return min(room or able, key=lambda p: (load.get(p.id, 0) / p.capacity, p.id)).id if able else NOBODY


def _above(people: list[Staff], role: Role, own: str, taken: str = "") -> str:
    """Team's own lead or manager; else another of that role, else another supervisor, else `nobody`.

    No person is on two rungs while there are two people for them.
    """
    supervisors = [person for person in people if person.role in SUPERVISORS]
    if not supervisors:
        return NOBODY
    return min(supervisors, key=lambda p: (p.id == taken, p.role != role, p.id != own)).id
