"""People: exactly one accountable owner at every instant, and how that changes.

Sources: `sources.md` 57, 65, 67, 96.
"""

from collections.abc import Iterator
from datetime import datetime

from services.routing import refusals
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.facts import CaseFact
from services.routing.rules.fitness import Needs, speaks, unmet
from services.routing.rules.state import CaseState
from shared.contract.commands import AcceptTransfer, Command, Escalate, Transfer
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import (
    Assigned,
    Escalated,
    Queued,
    Transferred,
)
from shared.contract.recorded import Notification, ours
from shared.contract.values import NOBODY
from shared.policy.chains import OWNER
from shared.policy.people import Person
from shared.policy.roster import HANDLING_NONE

DELAY, DELAY_NEW_OWNER, DELAY_SAME_OWNER = "delay", "delay_new_owner", "delay_same_owner"
DELAY_NEXT_WORD = "delay_next_word"


def escalation(
    state: CaseState,
    role: str,
    why: str,
    *,
    obligation: str | None = None,
    reason_ref: str | None = None,
    copied_to: list[str] | None = None,
    next_word: datetime | None = None,
) -> Iterator[CaseFact | Notification]:
    """Go up to a level: its person becomes accountable, or the next above; an owner above that level stays.

    The role `owner` only reminds: the owner stays, and the complainant is not notified. Where a deadline
    is the cause they are, with the responsible person, and the instant of the next message.
    """
    level, above_them = state.chain.reached(state.chain.level(role))
    to = state.owner if above_them == NOBODY or level <= state.level else above_them
    owner = state.owner
    yield Escalated(
        level=state.escalations + 1,
        why=why,
        to=to,
        obligation=obligation,
        reason_ref=reason_ref,
        copied_to=copied_to,
    )
    if to != owner:
        yield assigned(state, to, level, "escalation")
    if obligation and role != OWNER:
        yield _delay(state, to != owner, next_word)


def _delay(state: CaseState, new_owner: bool, next_word: datetime | None) -> Notification:
    """Apology: the person who is responsible now, and the next step."""
    told = Notification(template=DELAY, words={"complaint_id": state.complaint_id})
    told.parts.append(DELAY_NEW_OWNER if new_owner else DELAY_SAME_OWNER)
    if next_word:
        told.parts.append(DELAY_NEXT_WORD)
        told.instants["by_when"] = ours(next_word)
    return told


def assigned(state: CaseState, to: str, level: int, why: str, team: str | None = None) -> Assigned:
    """Fact that `to` is accountable from now on."""
    return Assigned.model_validate(
        {"owner": to, "team": team or state.team, "level": level, "why": why, "previous": state.owner}
    )


def above(state: CaseState) -> str | None:
    """Next role up that another person has; None at the top."""
    higher = state.chain.levels[state.level :]
    return next((one for one in higher if state.chain.at(one) not in (state.owner, NOBODY)), None)


def first_owner(state: CaseState) -> Assigned:
    """Owner chosen at triage, at their level: a lead takes over where no agent is free."""
    owner = state.opening.owner
    first = assigned(state, owner, state.chain.held_by(owner), "triage")
    return first.model_copy(update={"previous": None, "reasons": state.opening.reasons or None})


def first_wait(state: CaseState, now: datetime) -> list[CaseFact]:
    """Fact that a new complaint waits in the queue of its team; none where it has an owner of its own.

    A danger is the lead's own: it was escalated to them, so no agent takes it over from the queue.
    """
    waits = [] if state.escalations else state.opening.waits
    return [Queued(team=state.team, to=state.owner, since=now, waits=waits)] if waits else []


def reopening(state: CaseState) -> Assigned:
    """Another owner, one level up; from the top it goes down to the lead (`sources.md` 88)."""
    chain = state.chain
    others = [one for one in reversed(chain.levels) if chain.at(one) not in (state.owner, NOBODY)]
    role = above(state) or (others or chain.levels[1:2])[0]
    to = chain.at(role)
    return assigned(state, state.owner if to == NOBODY else to, chain.level(role), "reopening")


def escalate(state: CaseState, request: ActorCommand[Escalate], now: datetime) -> Decision | Refusal:
    """Go up one level now, by a person's decision."""
    role = above(state) or state.chain.levels[-1]  # the gate refuses at the top
    return Decision(list(escalation(state, role, "asked for", reason_ref=request.command.reason)))


def transfer(state: CaseState, request: ActorCommand[Transfer], now: datetime) -> Decision | Refusal:
    """Propose another owner; never to the one complained about, never back and forth."""
    refusal = _transferable(state, request)
    if refusal:
        return refusal
    proposal = _proposal(state, request.command.to, request.command.reason)
    return Decision([proposal], {"transfer_id": proposal.transfer_id})


def accept_transfer(
    state: CaseState, request: ActorCommand[AcceptTransfer], now: datetime
) -> Decision | Refusal:
    """Take over as the proposed owner; until then nothing had changed."""
    proposal = state.transfer
    if proposal is None or request.actor.id != proposal.to:
        to = proposal.to if proposal else "nobody"
        return refuse(ErrorCode.NOT_OWNER, owner=to, field="actor.id")
    if request.candidate and (unable := _unmet(state, request.candidate, accepts=True)):
        return unable
    if state.in_conversation(now):
        return refuse(refusals.IN_CONVERSATION, owner=state.owner, until=state.conversation)
    level = state.chain.level(request.actor.role)
    why = "hand_over" if proposal.signed else "transfer"
    return Decision([assigned(state, proposal.to, level, why, request.named.get("team"))])


def _transferable(state: CaseState, request: ActorCommand[Command]) -> Refusal | None:
    """Whether a transfer to the person named is allowed (`sources.md` 57): no merry-go-round."""
    refusal, to = fit(state, request), request.named.get("id", "")
    if refusal or request.by_supervisor:
        return refusal
    if state.former(to):
        return refuse(ErrorCode.WOULD_PING_PONG, field="data.to")
    return _used_up(state)


def fit(state: CaseState, request: ActorCommand[Command]) -> Refusal | None:
    """Whether the person named may become the owner, by a transfer or a hand-over."""
    to, role, team = request.named.get("id", ""), request.named.get("role", ""), request.named.get("team")
    if not role:
        return refuse(ErrorCode.UNKNOWN_ACTOR, field="data.to")
    if role in HANDLING_NONE:
        return refuse(refusals.HANDLES_NONE, to=to)
    if to == state.owner:
        return refuse(refusals.OWNER_ALREADY, to=to)
    if state.concerned.holds(to, request.named_units or ([team] if team else [])):
        return refuse(refusals.NEW_OWNER_CONCERNED, to=to)
    if request.candidate and (refusal := _unmet(state, request.candidate)):
        return refusal
    if state.chain.level(role) < state.level and not request.by_supervisor:
        return refuse(refusals.ONLY_SUPERVISOR_DOWN)
    return None


def _unmet(state: CaseState, candidate: Person, *, accepts: bool = False) -> Refusal | None:
    """Refuse by the first hard rule that the person named does not meet (`sources.md` 67), or who accepts.

    A language that the owner does not speak either binds no candidate.
    """
    owner, language = state.people.roles.get(state.owner), state.opening.received.language
    needs = Needs(
        severity=state.triage.severity,
        language=language if owner is None or speaks(owner, language) else None,
        concerned=state.concerned,
    )
    rule = next(iter(unmet(candidate, needs)), None)
    if rule is None:
        return None
    if accepts:
        texts = refusals.UNMET | refusals.UNMET_BY_TAKER
        return refuse(texts[rule], to=candidate.id, field="actor.id")
    return refuse(refusals.UNMET[rule], to=candidate.id)


def _used_up(state: CaseState) -> Refusal | None:
    """Whether the accepted transfers of this stage are used up (`sources.md` 57)."""
    most = state.pinned.limits.transfers_per_stage
    count = sum((one.cycle, one.stage) == (state.cycle, state.stage) for one in state.passed)
    if most is None or count < most:
        return None
    return refuse(refusals.TRANSFERS_USED_UP, count=count, stage=state.stage, most=most)


def _proposal(state: CaseState, to: str, reason_ref: str) -> Transferred:
    number = state.transfers + 1
    return Transferred(transfer_id=f"transfer-{number}", sender=state.owner, to=to, reason_ref=reason_ref)
