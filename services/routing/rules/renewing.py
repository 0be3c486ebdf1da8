"""Replacement of people who are concerned, gone, absent or renamed, in every open item, by facts.

The rules of a complaint are pinned; the roles of people are not. `People` is what was looked up outside,
as data: the case compares it with those who have a role here. A concerned person is never a fallback:
where no other is left, the role has `nobody`, and `unattended` is published.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from services.routing.rules.authority import may_grant
from services.routing.rules.concerned import named
from services.routing.rules.facts import CaseFact
from services.routing.rules.fitness import speaks
from services.routing.rules.mediation import successor
from services.routing.rules.motives import needs_independence
from services.routing.rules.people import assigned
from services.routing.rules.state import Approval, CaseState
from shared.contract.events import (
    ApprovalPassed,
    Assigned,
    AssistantNamed,
    ChainChanged,
    HandedOver,
    MediatorNamed,
    Queued,
    Received,
    TaskMoved,
    Transferred,
    TransferReturned,
    Unattended,
)
from shared.contract.values import NOBODY, Category, Concerned, Instant, Stage, folded
from shared.policy.chains import Chain
from shared.policy.people import Person
from shared.policy.roster import HANDLING_NONE

Why = Literal["conflict", "gone", "absent", "renamed"]
Outgrown = Literal["junior", "language"]
REASONS: tuple[Why, ...] = ("conflict", "gone", "renamed", "absent")
"""Reasons of a changed chain, the weightiest first."""

Part = str
"""Owner, approver, department, or a level of the chain."""


class Question(BaseModel):
    """Facts about a complaint that decide who should handle it: codes, no texts."""

    complaint_id: str
    category: Category
    language: str
    team: str
    concerned: Concerned
    owner: str
    asked: list[str]
    """People who have a role in it now."""
    at: Instant
    was: Person | None = None
    """Owner as looked up last."""
    severity: int = 1
    vip: bool = False
    former: str | None = None
    """Owner of the customer's last complaint before."""
    received_at: Instant | None = None
    since: Instant | None = None
    """Instant from which it waits in the queue of its team; absent while it has an owner of its own."""
    seq: int = 0
    """Number of the last fact before the question."""
    units: list[str] = Field(default_factory=list)
    """Units that have a task of it."""
    known: list[str] = Field(default_factory=list)
    """Further people of its history, who may have other ids by now: former owners, askers of approvals."""
    skills: list[str] = Field(default_factory=list)
    """Codes besides its category in which its owner should have skills."""
    independent: bool = False
    """Whether the units of the concerned staff have no part in it."""


class People(BaseModel):
    """People who should handle it by the roster in force, and the present roles of those who do."""

    roster: str
    owner: str
    team: str
    chain: Chain
    roles: dict[str, Person] = Field(default_factory=dict)
    """Persons among those asked about; one who is missing is not on the roster."""
    units: list[str] = Field(default_factory=list)
    """Existing teams and departments."""
    away: dict[str, str] = Field(default_factory=dict)
    """Absent people among those asked about, with the deputies who act for them, or `nobody`."""
    renamed: dict[str, str] = Field(default_factory=dict)
    """Present ids of people who are named here by a former one."""
    shift_end: Instant | None = None
    """End of the owner's present shift, or of the next."""
    timed: bool = False
    changes_at: Instant | None = None
    """Next beginning or end of an absence of those with a role here."""
    reasons: list[str] = Field(default_factory=list)
    waits: list[str] = Field(default_factory=list)
    """Rules for which it waits in the queue; `owner` is the lead then."""
    look_at: Instant | None = None
    """Instant at which it is worth while to look again."""
    independent_of: list[str] = Field(default_factory=list)
    """Units of the concerned staff, if they have no part in it and others could handle it."""
    heads: dict[str, list[str]] = Field(default_factory=dict)
    """People who answer for the units that were asked about."""
    instead: dict[str, Person] = Field(default_factory=dict)
    """Person who is asked next where one of the chain does not decide, though here."""


def question(state: CaseState, at: datetime) -> Question:
    """Question to look up before every decision that depends on people's roles."""
    waiting = [one.request.to for one in state.approvals if one.status == "open"]
    proposed = [state.transfer.to] if state.transfer else []
    proposed += [state.assistant] if state.assistant else []
    mediating = [state.mediation.mediator] if state.mediation else []
    holders = {state.owner, *state.chain.people, *waiting, *proposed, *mediating}
    return Question(
        complaint_id=state.complaint_id,
        category=state.triage.category,
        language=state.opening.received.language,
        team=state.pinned.team,
        concerned=state.concerned,
        owner=state.owner,
        asked=sorted(holders - {NOBODY}),
        was=state.people.roles.get(state.owner),
        severity=state.triage.severity,
        vip=state.opening.received.vip,
        former=state.opening.former,
        received_at=state.received_at,
        since=state.queued_since,
        at=at,
        seq=state.seq,
        units=sorted({task.unit for task in state.tasks if not task.done}),
        known=sorted({*state.owners, *(one.request.asked_by for one in state.approvals)} - {NOBODY}),
        skills=asked_for(state.triage.sub, state.opening.received),
        independent=needs_independence(state),
    )


def asked_for(sub: str | None, received: Received) -> list[str]:
    """Skills that a complaint asks for besides its category: its sub-code, and its product."""
    return [*([sub] if sub else []), *(received.product_skills or ())]


def renewed(state: CaseState, people: People, at: datetime) -> list[CaseFact]:
    """Facts that replace each person who may not have, or no longer has, their role here."""
    if state.stage == Stage.CLOSED:
        return []
    facts = [*_concerned(state, people), *_chain(state, people), *_owner(state, people, at)]
    facts += [
        *_transfer(state, people),
        *_approvals(state, people),
        *_tasks(state, people),
        *_mediator(state, people),
        *_assistant(state, people, at),
    ]
    return [*facts, *_unattended(facts)]


def unfit(state: CaseState, people: People, who: str) -> Why | None:
    """Reason why this person can have no role here any more."""
    if who in people.renamed:
        return "renamed"
    now, was = people.roles.get(who), state.people.roles.get(who)
    units = {*(now.units if now else ()), *(was.units if was and now is None else ())}
    if state.concerned.holds(who, units):
        return "conflict"
    if now is None or now.role in HANDLING_NONE:
        return "gone"
    level = people.chain.level
    moved = was is not None and (level(now.role) < level(was.role) or now.team != was.team)
    return "gone" if moved else "absent" if who in people.away else None


def outgrown(state: CaseState, people: People, who: str) -> Outgrown | None:
    """Reason why this person may own the complaint no longer (`sources.md` 67): graver by now, or not their
    language any more. Levels above agents own any.

    A language that the person who would follow does not speak either moves nothing.
    """
    now, was = people.roles.get(who), state.people.roles.get(who)
    if now is None or state.chain.level(now.role):
        return None
    if now.up_to < state.triage.severity:
        return "junior"
    language, then = state.opening.received.language, people.roles.get(people.owner)
    lost = was is not None and speaks(was, language) and not speaks(now, language)
    return "language" if lost and then and speaks(then, language) else None


def unattended(parts: dict[Part, str]) -> list[CaseFact]:
    """Fact that these parts have no person; none where all have one."""
    empty = [part for part, who in parts.items() if who == NOBODY]
    return [Unattended(roles=empty)] if empty else []


def without_people(state: CaseState) -> list[CaseFact]:
    """Fact that a complaint began without a person whom it needs."""
    return unattended({"owner": state.owner} | state.chain.held)


def _concerned(state: CaseState, people: People) -> Iterator[CaseFact]:
    """Other ids of concerned people, who stay concerned, and their units where independence is needed."""
    new = [new for was, new in people.renamed.items() if state.concerned.holds(was)]
    yield from named(state, Concerned(staff=new), "renamed")
    yield from named(state, Concerned(units=people.independent_of), "retaliation")


def _chain(state: CaseState, people: People) -> Iterator[CaseFact]:
    was, now = state.chain, people.chain
    if was == now:
        return
    changed = [role for role in now.levels if was.held.get(role) != now.held[role]]
    found = {unfit(state, people, was.held[role]) for role in changed if role in was.held}
    back = any(now.held[role] in {*state.people.away} - {*people.away} for role in changed)
    why = next((one for one in REASONS if one in found), "returned" if back else "policy")
    yield ChainChanged.model_validate(
        {"lead": now.lead, "manager": now.manager, "was_lead": was.lead, "was_manager": was.manager}
        | ({"above": now.above, "was_above": was.above} if now.above or was.above else {})
        | {"why": why}
    )


def _owner(state: CaseState, people: People, at: datetime) -> Iterator[CaseFact]:
    """Another owner, where one is needed; one who only keeps it until a person is free leaves it waiting."""
    if state.queued_since and not people.waits:
        yield _from_queue(people, state)
        return
    for given in _replaced(state, people):
        yield given
        if people.waits and (state.queued_since or (given.owner == people.owner and not state.level)):
            since = state.queued_since or at
            yield Queued(team=people.team, to=given.owner, since=since, waits=people.waits)


def _replaced(state: CaseState, people: People) -> Iterator[Assigned]:
    """Fact that another person is accountable, since the owner may not be, or cannot."""
    why = unfit(state, people, state.owner) or (None if state.level else outgrown(state, people, state.owner))
    if why is None:
        return
    if why == "renamed":
        yield assigned(state, people.renamed[state.owner], state.level, why)
        return
    to, level = _successor(state, people, people.away.get(state.owner, NOBODY))
    if to != state.owner and to not in people.away:
        yield assigned(state, to, level, why, people.team)


def _from_queue(people: People, state: CaseState) -> CaseFact:
    """End of the wait: the person who was found, or the lead for good where no other can ever own it."""
    level = people.chain.held_by(people.owner)
    found = assigned(state, people.owner, level, "queue", people.team)
    return found.model_copy(update={"reasons": people.reasons or None})


def _successor(state: CaseState, people: People, deputy: str) -> tuple[str, int]:
    """Person at the level that the complaint has reached, or the deputy; else the person who may own it."""
    chain = people.chain
    own = chain.nearest(state.level) if state.level else people.owner if deputy == NOBODY else deputy
    to = own if own != NOBODY else people.owner
    if state.level and to == own:
        return to, min(state.level, len(chain.levels))
    return to, chain.held_by(to)


def _transfer(state: CaseState, people: People) -> Iterator[CaseFact]:
    """Return a proposal to a person who may not take it; a proposal of a former owner ended with the
    owner.
    """
    proposal = state.transfer
    why = (unfit(state, people, proposal.to) or outgrown(state, people, proposal.to)) if proposal else None
    if proposal and why and unfit(state, people, state.owner) is None:
        yield TransferReturned(
            transfer_id=proposal.transfer_id, sender=proposal.sender, to=proposal.to, why=why
        )
        if why == "renamed":
            kind = HandedOver if proposal.signed else Transferred
            number, to = f"transfer-{state.transfers + 1}", people.renamed[proposal.to]
            yield kind(transfer_id=number, sender=proposal.sender, to=to)


def _assistant(state: CaseState, people: People, at: datetime) -> Iterator[CaseFact]:
    """Other id of the assistant of a conversation, or none where they may have no part in it any more."""
    who = state.assistant
    if who and state.in_conversation(at) and (unfit(state, people, who) or outgrown(state, people, who)):
        yield AssistantNamed(assistant=people.renamed.get(who))


def _approvals(state: CaseState, people: People) -> Iterator[CaseFact]:
    for approval in state.approvals:
        asked = approval.request.to
        why = unfit(state, people, asked) if approval.status == "open" else None
        to = people.renamed.get(asked) or _approver(state, people, approval)
        if why and to != asked:
            yield ApprovalPassed(request_id=approval.request.request_id, was=asked, to=to, why=why)


def _approver(state: CaseState, people: People, approval: Approval) -> str:
    """First in the chain who may decide about it, and did not ask for it."""
    request, chain = approval.request, people.chain
    least = chain.level(request.least_role) if request.least_role else 0
    asker = people.renamed.get(request.asked_by, request.asked_by)
    able = [one for one in chain.levels[max(least - 1, 0) :] if may_grant(state, one, request.amount)]
    others = [chain.at(role) for role in able if chain.at(role) not in (asker, NOBODY)]
    return others[0] if others else NOBODY


def _mediator(state: CaseState, people: People) -> Iterator[CaseFact]:
    """Another mediator in place of one who cannot go on; the mediation keeps its due instant."""
    now = state.mediation
    if now is None or now.mediator == NOBODY or not unfit(state, people, now.mediator):
        return
    to = people.renamed.get(now.mediator) or successor(state, people.chain)
    yield MediatorNamed(mediation_id=now.mediation_id, mediator=to, due=now.due, previous=now.mediator)


def _tasks(state: CaseState, people: People) -> Iterator[CaseFact]:
    """Give a task of a concerned unit to the team that handles the complaint."""
    to = NOBODY if state.concerned.holds("", [people.team]) else people.team
    left = {folded(one) for one in state.people.units} - {folded(one) for one in people.units}
    for task in state.tasks:
        about, gone = state.concerned.holds("", [task.unit]), folded(task.unit) in left
        if not task.done and (about or gone or task.unit == NOBODY) and task.unit != to:
            why: Why = "conflict" if about else "gone"
            yield TaskMoved(task_id=task.task_id, unit=to, was=task.unit, why=why)


def _unattended(facts: list[CaseFact]) -> list[CaseFact]:
    parts: dict[Part, str] = {}
    for fact in facts:
        match fact:
            case ChainChanged():
                parts |= {"lead": fact.lead, "manager": fact.manager}
                parts |= {one.level: one.person for one in fact.above or ()}
            case ApprovalPassed():
                parts |= {"approver": fact.to}
            case TaskMoved():
                parts |= {"department": fact.unit}
            case _:
                parts |= {"owner": getattr(fact, "owner", "")}
    return unattended(parts)
