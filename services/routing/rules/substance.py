"""Answer, clarify, interests, position: what comes before an offer (`sources.md` 38, 55, 64, 66, 72)."""

from datetime import datetime

from services.routing import refusals
from services.routing.rules.apologies import apology_duty
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.described import described
from services.routing.rules.motives import PlannedAnswers, answers_something, named, unanswered
from services.routing.rules.positions import stale
from services.routing.rules.state import CaseState
from shared.contract.commands import (
    Clarify,
    RecordInterest,
    Respond,
    SetPosition,
)
from shared.contract.errors import Refusal, refuse
from shared.contract.events import (
    Clarified,
    ConfirmedBy,
    InterestRecorded,
    PositionSet,
    Responded,
)
from shared.contract.recorded import Notification, ours
from shared.contract.values import Party, needs_of


def respond(state: CaseState, request: ActorCommand[Respond], now: datetime) -> Decision | Refusal:
    """Give the substantive response, which the 24-hour rule demands; no other fact meets it."""
    command = request.command
    if command.promise_by and command.promise_by <= now:
        return refuse(refusals.PROMISE_IN_PAST)
    if refusal := stale(state, command.position):
        return refusal
    if request.letters is not None and request.letters < state.pinned.least_letters:
        return refuse(refusals.NO_SUBSTANCE, letters=request.letters, least=state.pinned.least_letters)
    plan = _planned(command)
    if plan and command.answers is not None and (refusal := answers_something(state, plan, command.why)):
        return refusal
    responded = Responded(
        kind=command.kind,
        promise_by=command.promise_by,
        text_ref=command.text,
        answers=command.answers,
        needs=command.needs,
        why_ref=command.why,
    )
    told = Notification(template="response", text_of=command.text)
    if command.promise_by:
        told.parts, told.instants = ["response_promise"], {"by_when": ours(command.promise_by)}
    return Decision([responded, told], named(unanswered(state, plan)) if plan else {})


def _planned(command: Respond) -> PlannedAnswers | None:
    """Motives and needs that a plan answers; None for another response."""
    if command.kind != "plan":
        return None
    motives = frozenset(command.answers or ())
    return PlannedAnswers(motives, frozenset([*needs_of(motives, danger=False), *command.needs]))


def clarify(state: CaseState, request: ActorCommand[Clarify], now: datetime) -> Decision:
    """Cause, side and liability, with evidence."""
    command = request.command
    cause, cause_ref = described(state, command.cause)
    clarified = Clarified(
        cause=cause,
        cause_ref=cause_ref,
        cause_side=command.cause_side,
        liability=command.liability,
        evidence_refs=command.evidence,
        text_ref=command.text,
    )
    return Decision([clarified, *apology_duty(state, command.liability, now)])


def record_interest(
    state: CaseState, request: ActorCommand[RecordInterest], now: datetime
) -> Decision | Refusal:
    """Record an interest behind a demand; the complainant's own command makes it confirmed."""
    command = request.command
    if request.by_customer and command.party != Party.CUSTOMER:
        return refuse(refusals.INTEREST_OF_ANOTHER)
    how = _confirmed_by(request)
    if how == "owner" and state.pinned.understanding.proof:
        return refuse(refusals.NO_PROOF_OF_INTEREST)
    return Decision(
        [
            InterestRecorded(
                party=command.party,
                interest=command.interest,
                confirmed=command.confirmed or request.by_customer,
                text_ref=command.text,
                how=how,
                recording_ref=command.recording,
            )
        ]
    )


def _confirmed_by(request: ActorCommand[RecordInterest]) -> ConfirmedBy | None:
    """Way in which the complainant confirmed the interest; None where they did not, or it is not theirs."""
    if request.by_customer:
        return "command"
    if request.command.party != Party.CUSTOMER or not request.command.confirmed:
        return None
    return "recording" if request.command.recording else "owner"


def set_position(state: CaseState, request: ActorCommand[SetPosition], now: datetime) -> Decision | Refusal:
    """Set the core position, a new version."""
    if refusal := stale(state, request.command.replaces, "replaces"):
        return refusal
    version = state.position + 1
    return Decision([PositionSet(version=version, text_ref=request.command.text)], {"version": version})
