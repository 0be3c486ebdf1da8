"""Understanding before offering: listening, restating, confirming, courses without agreement.

Feelings come first, then the facts (`sources.md` 43, 44, 50, 72, 74).
"""

from datetime import datetime

from services.routing import refusals
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.facts import CaseFact
from services.routing.rules.motives import known_motives
from services.routing.rules.state import CaseState, Restatement
from shared.clocks.budget import due
from shared.contract.commands import Confirm, Listen, RecordFallback, Restate
from shared.contract.errors import Refusal, refuse
from shared.contract.events import (
    ConfirmedBy,
    FallbackRecorded,
    InterestRecorded,
    Listened,
    Restated,
    RestatementAnswered,
)
from shared.contract.recorded import LinkOf, Notification, theirs
from shared.contract.values import LINK, Party
from shared.policy.understanding import AskedFor

LISTENING = ("conversation_ended", "question_answered", "restatement_answered")
"""Facts of a cycle that show that the complainant was listened to, besides `listened`."""


def listen(state: CaseState, request: ActorCommand[Listen], now: datetime) -> Decision:
    """Record the listening step."""
    return Decision([Listened(text_ref=request.command.text)])


def restate(state: CaseState, request: ActorCommand[Restate], now: datetime) -> Decision | Refusal:
    """Send the problem in our words, with a link by which the complainant confirms it."""
    command = request.command
    until = command.until or due(now, state.pinned.understanding.restatement, state.pinned.calendar)
    if until <= now:
        return refuse(refusals.RESTATED_UNTIL_PAST)
    restated = Restated(
        restatement_id=f"restatement-{state.restatements + 1}",
        interests=list(dict.fromkeys(command.interests)),
        expires_at=until.replace(microsecond=0),
        text_ref=command.text,
    )
    told = Notification(
        template="restated",
        words={"complaint_id": state.complaint_id},
        instants={"by_when": theirs(restated.expires_at)},
        text_of=command.text,
        link_of=LinkOf(id=restated.restatement_id, until=restated.expires_at),
    )
    return Decision([restated, told], {"restatement_id": restated.restatement_id})


def confirm(state: CaseState, request: ActorCommand[Confirm], now: datetime) -> Decision | Refusal:
    """Record the complainant's answer to a restatement, once; its interests are confirmed with it."""
    command = request.command
    restated = open_restatement(state, command.restatement_id, now)
    if isinstance(restated, Refusal):
        return restated
    if not request.by_customer and command.recording is None:
        return refuse(refusals.NO_RECORDING)
    how = way_of(request)
    answered = RestatementAnswered(
        restatement_id=restated.restatement_id,
        confirmed=command.confirmed,
        how=how,
        recording_ref=command.recording,
        text_ref=command.text,
    )
    facts: list[CaseFact] = [answered]
    if command.confirmed:
        facts += [_confirmed(one, how, command.recording) for one in restated.interests]
    return Decision(facts)


def _confirmed(interest: str, how: ConfirmedBy, recording: str | None) -> InterestRecorded:
    return InterestRecorded.model_validate(
        {
            "party": Party.CUSTOMER,
            "interest": interest,
            "confirmed": True,
            "how": how,
            "recording_ref": recording,
        }
    )


def open_restatement(state: CaseState, restatement_id: str, now: datetime) -> Restatement | Refusal:
    """Restatement of this id, if it may be answered now."""
    known = state.restatement
    if known is None or known.restatement_id != restatement_id:
        number = restatement_id.removeprefix("restatement-")
        former = number.isdecimal() and 0 < int(number) <= state.restatements
        return refuse(refusals.RESTATED_SINCE if former else refusals.NO_SUCH_RESTATEMENT)
    if known.confirmed is not None:
        return refuse(refusals.RESTATEMENT_ANSWERED)
    if not known.open(now):
        return refuse(refusals.RESTATEMENT_OVER, until=known.expires_at.isoformat())
    return known


def way_of(request: ActorCommand[Confirm]) -> ConfirmedBy:
    """Way in which the complainant confirmed."""
    if not request.by_customer:
        return "recording"
    return "link" if request.actor.via == LINK else "command"


def record_fallback(
    state: CaseState, request: ActorCommand[RecordFallback], now: datetime
) -> Decision | Refusal:
    """Record the course of a party without an agreement; the complainant names their own only."""
    command = request.command
    if request.by_customer and command.party != Party.CUSTOMER:
        return refuse(refusals.FALLBACK_OF_ANOTHER)
    return Decision([FallbackRecorded(party=command.party, course=command.course, text_ref=command.text)])


def asked_for(state: CaseState, step: AskedFor) -> str | None:
    """Reason for which the policy asks for a step in this complaint."""
    motives = [one.motive for one in known_motives(state)]
    return step.why(state.triage.style, motives, state.triage.severity)


def listened_first(state: CaseState) -> Refusal | None:
    """Refuse an offer before the listening step that style or motive ask for (`sources.md` 43, 44)."""
    why = asked_for(state, state.pinned.understanding.listen_first)
    own = (one.how in ("command", "link", "recording") for one in state.interests)
    heard = state.listened or any(name in state.last_fact_at for name in LISTENING) or any(own)
    return None if heard or not why else refuse(refusals.NOT_LISTENED, because=why)


def restated_first(state: CaseState) -> Refusal | None:
    """Refuse an offer before the problem was restated, or after the complainant found it wrong."""
    why = asked_for(state, state.pinned.understanding.restate_first)
    if not why or (state.restatement and state.restatement.confirmed is not False):
        return None
    return refuse(
        refusals.NOT_RESTATED if state.restatement is None else refusals.RESTATED_WRONGLY, because=why
    )


def restatement_waits(state: CaseState, now: datetime) -> Refusal | None:
    """Refuse an offer while the complainant may still confirm a restatement that the policy asks for."""
    restated = state.restatement
    if restated is None or not restated.open(now):
        return None
    if not asked_for(state, state.pinned.understanding.restate_first):
        return None
    return refuse(refusals.RESTATEMENT_WAITS, until=restated.expires_at.isoformat())


def fallbacks_known(state: CaseState) -> Refusal | None:
    """Require the course of each party without agreement, where the policy asks for it (`sources.md` 74)."""
    missing = [party for party in Party if party not in state.fallbacks]
    if not state.pinned.understanding.fallbacks_first or not missing:
        return None
    return refuse(refusals.NO_FALLBACK, party=missing[0])
