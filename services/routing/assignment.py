"""Choice of a complaint's owner and supervisors: able, least loaded, and never a person whom it concerns.
Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.routing.rules.fitness import PASSING, Needs, unmet
from services.routing.rules.renewing import People, Question, asked_for
from services.routing.rules.wish import Choice, Wish
from shared.contract.concerned import concerned_in
from shared.contract.events import Received
from shared.contract.values import NOBODY, Category, Concerned
from shared.policy.chains import Chain, chain_of
from shared.policy.deputies import Deputies, end_of_shift, next_absence, renamed, timed
from shared.policy.house import Moment, Signed, house_of
from shared.policy.models import Pack
from shared.policy.people import Person, concerned_people, heads, roster_id, units
from shared.policy.roster import HANDLING_NONE, Staff, Team
from shared.policy.timetable import Exchange


@dataclass(frozen=True)
class Assignment:
    """Accountable person, their team, and the supervisors; `nobody` where all of them are concerned.

    `reasons` are codes of what decided, and of the wishes that were left out. `waits` are the rules for which
    it waits in the team's queue, the lead accountable meanwhile; it is looked at again at `look_at`.
    """

    owner: str
    team: str
    chain: Chain
    reasons: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    look_at: datetime | None = None


def assign(
    pack: Pack,
    category: Category,
    received: Received,
    load: Mapping[str, int],
    *,
    severity: int = 1,
    sub: str | None = None,
    former: str | None = None,
    at: Moment | None = None,
) -> Assignment:
    """First owner of a complaint; `load` is the number of open complaints of each member of staff.

    `sub` is the sub-code of its category, `former` the owner of the customer's last complaint. `at` gives the
    instant, else that of the record, and who signed on or off.
    """
    skills = asked_for(sub, received)
    wish = Wish(severity=severity, vip=received.vip, former=former, skills=skills)
    moment = at or Moment(received.recorded_at, dict(load))
    return choose(pack, category, received.language, concerned_in(received), load, wish=wish, at=moment)


def choose(
    pack: Pack,
    category: Category,
    language: str,
    concerned: Concerned,
    load: Mapping[str, int],
    team: str | None = None,
    now: datetime | None = None,
    *,
    wish: Wish | None = None,
    at: Moment | None = None,
) -> Assignment:
    """Owner and chain for a complaint about these people and units, in `team` if that is still possible.

    Without `at` no owner is looked for: only team and chain mean something.
    """
    own = _team(pack, category, concerned, team)
    free = without_interest(pack, concerned)
    chain = chain_of(pack, own, free)
    at = at or (Moment(now, dict(load)) if now else None)
    if at is None:
        return Assignment(chain.lead, own.id, chain)
    chain = Deputies(pack, at.now).chain(chain, concerned)
    wished = wish or Wish()
    wished = wished.model_copy(update={"team": own.id, "skills": [category, *pack.regimes, *wished.skills]})
    return _chosen(pack, language, concerned, wished, Assignment(chain.lead, own.id, chain), at)


def _chosen(
    pack: Pack, language: str, concerned: Concerned, wish: Wish, lead: Assignment, at: Moment
) -> Assignment:
    """Agent who meets all hard rules and the soft rules that still bind; else the lead, maybe for a time."""
    house = house_of(pack)
    spoken = language.split("-")[0].lower() in house.spoken
    needs = Needs(severity=wish.severity, language=language if spoken else None, concerned=concerned)
    unspoken = () if spoken else ("language_unspoken",)
    agents = {who: house.person(who, at) for who in house.agents}
    hindered = {who: unmet(person, needs) for who, person in agents.items()}
    able = [agents[who] for who, rules in hindered.items() if not {*rules} - PASSING]
    if not able:
        lasting = {rule for rules in hindered.values() for rule in rules if rule not in PASSING}
        return replace(lead, reasons=(*unspoken, *sorted(lasting)))
    choice = Choice(pack, house, wish, at.now)
    binding = choice.binding(able)
    fit = [
        one for one in able if not hindered[one.id] and all(choice.holds(rule.rule, one) for rule in binding)
    ]
    if fit:
        owner, reasons = choice.best(fit, at)
        return replace(lead, owner=owner.id, reasons=(*unspoken, *reasons))
    waits = {rule for one in able for rule in hindered[one.id]} | {
        rule.rule for rule in binding if any(not hindered[one.id] for one in able)
    }
    changes = [house.next_change(one.id, at) for one in able if not one.present]
    later = [*choice.relaxed_at(binding), *(one for one in changes if one)]
    return replace(lead, reasons=unspoken, waits=tuple(sorted(waits)), look_at=min(later, default=None))


def look_up(
    pack: Pack,
    asked: Question,
    load: Mapping[str, int],
    signed: Mapping[str, Signed] | None = None,
    exchanges: Mapping[str, Exchange] | None = None,
) -> People:
    """People who should handle a complaint by this pack, and the present role of those who have a part in
    it.
    """
    moment = Moment(asked.at, dict(load), dict(signed or {}), exchanges=dict(exchanges or {}))
    return looked_up(pack, asked, chosen_for(pack, asked, load, moment), exchanges)


def chosen_for(pack: Pack, asked: Question, load: Mapping[str, int], at: Moment) -> Assignment:
    """Choice for a complaint that is open already."""
    wish = Wish(
        severity=asked.severity, vip=asked.vip, former=asked.former, since=asked.since, skills=asked.skills
    )
    return choose(pack, asked.category, asked.language, asked.concerned, load, asked.team, wish=wish, at=at)


def looked_up(
    pack: Pack, asked: Question, found: Assignment, exchanges: Mapping[str, Exchange] | None = None
) -> People:
    """Choice, with the present roles of those who have a part in the complaint."""
    own = next(team for team in pack.teams if team.id == found.team)
    named = renamed(pack, [*asked.asked, *asked.known, *asked.concerned.staff])
    owner = named.get(asked.owner, asked.owner)
    holders = {*asked.asked, *named.values(), found.owner, *found.chain.held.values()}
    watched = {*holders, own.lead, own.manager, *own.above.values()}
    everybody = house_of(pack).people
    return People(
        roster=roster_id(pack),
        owner=found.owner,
        team=found.team,
        chain=found.chain,
        roles={one: everybody[one] for one in sorted(holders) if one in everybody},
        away=_away(pack, watched, asked),
        renamed=named,
        shift_end=end_of_shift(pack, owner, asked.at, (exchanges or {}).get(owner)),
        timed=timed(pack),
        changes_at=next_absence(pack, watched, asked.at),
        reasons=list(found.reasons),
        waits=list(found.waits),
        look_at=found.look_at,
        units=units(pack),
        heads=heads(pack, asked.units),
        instead=instead(pack, found.chain, asked.concerned, asked.at),
        independent_of=_independent_of(pack, asked) if asked.independent else [],
    )


def instead(pack: Pack, chain: Chain, concerned: Concerned, now: datetime) -> dict[str, Person]:
    """Person who is asked next, by the person of the chain who does not decide (`sources.md` 81)."""
    deputies, everybody = Deputies(pack, now), house_of(pack).people
    found = {who: deputies.instead(who, concerned) for who in chain.people}
    return {who: everybody[other] for who, other in found.items() if other}


def _independent_of(pack: Pack, asked: Question) -> list[str]:
    """Teams of the concerned staff; none where without them no agent would be left."""
    known = (one for one in pack.staff if asked.concerned.holds(one.id))
    teams = Concerned(units=sorted({one.team for one in known}))
    left = without_interest(pack, asked.concerned.joined(teams))
    return teams.units if any(one.role == "agent" for one in left) else []


def _away(pack: Pack, watched: Iterable[str], asked: Question) -> dict[str, str]:
    """Absent people among these, with their deputies, or `nobody`."""
    deputies, able = Deputies(pack, asked.at), {one.id for one in without_interest(pack, asked.concerned)}
    absent = [one for one in sorted(watched) if deputies.away(one)]
    return {one: deputies.acting(one, lambda by: by.id in able) or NOBODY for one in absent}


def without_interest(pack: Pack, concerned: Concerned) -> list[Staff]:
    """Staff who handle complaints and are not concerned: neither named, nor in a named unit, nor its lead."""
    interested = concerned_people(house_of(pack).people, concerned)
    return [one for one in pack.staff if one.role not in HANDLING_NONE and one.id not in interested]


def _team(pack: Pack, category: Category, concerned: Concerned, wanted: str | None) -> Team:
    """Wanted team, or else the team for the category; not a unit that the complaint concerns."""
    others = [team for team in pack.teams if not concerned.holds("", [team.id])] or pack.teams
    fitting = [team for team in others if team.id == wanted]
    fitting += [team for team in others if category in team.categories]
    return (fitting or others)[0]
