"""Gates: what must be so before a verb is possible at all. `verbs` names those of each verb."""

from collections.abc import Callable

from services.routing import refusals
from services.routing.rules.completeness import known_enough
from services.routing.rules.exits import open_items, still_open
from services.routing.rules.people import above
from services.routing.rules.state import CaseState
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.values import Party, Stage

Gate = Callable[[CaseState], Refusal | None]

OVER = (Stage.FOLLOWING_UP, Stage.CLOSED)


def about_a_person(state: CaseState) -> Refusal | None:
    """Shut for every complaint: the verb is about a person, and its request names no complaint."""
    return refuse(refusals.ABOUT_A_PERSON)


def being_handled(state: CaseState) -> Refusal | None:
    """Nothing is decided on a complaint that is resolved, withdrawn, referred or closed."""
    if state.stage in OVER:
        return refuse(refusals.WRONG_STAGE, stage=state.stage)
    return None


def not_agreed_yet(state: CaseState) -> Refusal | None:
    """Refuse to negotiate again what was agreed: it is carried out."""
    if state.stage == Stage.IMPLEMENTING:
        return refuse(refusals.AGREED_ALREADY)
    return being_handled(state)


def responded_first(state: CaseState) -> Refusal | None:
    """Refuse an offer before a substantive response: feelings first, then the dispute (`sources.md` 43)."""
    return None if state.responded else refuse(ErrorCode.NEEDS_RESPONSE_FIRST)


def restatement_sent(state: CaseState) -> Refusal | None:
    """Require a restatement, to confirm it."""
    return None if state.restatement else refuse(refusals.NOTHING_RESTATED)


def interest_known(state: CaseState) -> Refusal | None:
    """No round without a confirmed interest of the complainant (`sources.md` 72)."""
    confirmed = any(i.party == Party.CUSTOMER and i.confirmed for i in state.interests)
    return None if confirmed else refuse(ErrorCode.NEEDS_INTEREST)


def options_ready(state: CaseState) -> Refusal | None:
    """Two alternatives are prepared before the first offer (`sources.md` 74)."""
    return None if len(state.options) >= 2 else refuse(ErrorCode.NEEDS_OPTIONS)


def no_open_offer(state: CaseState) -> Refusal | None:
    """Refuse a second offer: an open offer is answered or withdrawn first."""
    offer = state.open_offer
    if offer is None:
        return None
    return refuse(refusals.OFFER_OPEN, offer_id=offer.made.offer_id)


def no_open_request(state: CaseState) -> Refusal | None:
    """Refuse another offer while one waits for approval."""
    waiting = [a for a in state.approvals if a.status == "open" and a.request.what == "offer"]
    if not waiting:
        return None
    return refuse(refusals.APPROVAL_OPEN, request_id=waiting[0].request.request_id)


def offer_open(state: CaseState) -> Refusal | None:
    """Require an open offer, to answer or to withdraw."""
    return None if state.open_offer else refuse(refusals.NO_OFFER_OPEN)


def actions_open(state: CaseState) -> Refusal | None:
    """Something is agreed that can be carried out."""
    if not state.actions:
        return refuse(refusals.NOTHING_AGREED)
    return None


def approval_open(state: CaseState) -> Refusal | None:
    """Require an approval that was asked for and not decided."""
    if any(approval.status == "open" for approval in state.approvals):
        return None
    return refuse(refusals.NO_APPROVAL_OPEN)


def apology_due(state: CaseState) -> Refusal | None:
    """Require an apology that is due and was not given."""
    return None if state.apology_due else refuse(refusals.NO_APOLOGY_OWED)


def mediation_open(state: CaseState) -> Refusal | None:
    """Require a mediation that goes on."""
    return None if state.mediation else refuse(refusals.NO_MEDIATION)


def no_mediation(state: CaseState) -> Refusal | None:
    """Refuse another mediator, or a decision, while a mediation goes on."""
    if state.mediation is None:
        return None
    return refuse(refusals.MEDIATION_OPEN, mediator=state.mediation.mediator)


def supervisor_above(state: CaseState) -> Refusal | None:
    """Refuse to escalate from the top of the chain, which can only pass it on."""
    if above(state):
        return None
    return refuse(refusals.NOBODY_ABOVE, owner=state.owner)


def nothing_open(state: CaseState) -> Refusal | None:
    """Require that nothing is open: the exit gate."""
    return still_open(state)


def something_open(state: CaseState) -> Refusal | None:
    """Something is open that the complainant can release."""
    if open_items(state):
        return None
    return refuse(refusals.NOTHING_TO_RELEASE)


def transfer_open(state: CaseState) -> Refusal | None:
    """Require a transfer that is proposed and waits to be accepted."""
    return None if state.transfer else refuse(refusals.NO_TRANSFER)


def no_transfer(state: CaseState) -> Refusal | None:
    """No other transfer is proposed."""
    if state.transfer is None:
        return None
    return refuse(refusals.TRANSFER_PROPOSED_TO, to=state.transfer.to)


def not_paused(state: CaseState) -> Refusal | None:
    """Require that the clocks are not paused."""
    return refuse(refusals.PAUSED_ALREADY) if state.pause else None


def paused(state: CaseState) -> Refusal | None:
    """Require that the clocks are paused."""
    return None if state.pause else refuse(refusals.NOT_PAUSED)


def task_open(state: CaseState) -> Refusal | None:
    """Require an open task of a department."""
    if any(not task.finished and not task.done for task in state.tasks):
        return None
    return refuse(refusals.NO_TASK_OPEN)


def question_open(state: CaseState) -> Refusal | None:
    """Require a question that the complainant has not answered."""
    if all(one.answer_ref for one in state.questions):
        return refuse(refusals.NO_QUESTION_OPEN)
    return None


def task_finished(state: CaseState) -> Refusal | None:
    """Require a finished task that waits for the owner's countersignature."""
    if any(task.finished and not task.done for task in state.tasks):
        return None
    return refuse(refusals.NOTHING_TO_SIGN)


def feedback_open(state: CaseState) -> Refusal | None:
    """Require internal feedback that was not acknowledged by all its recipients."""
    if any(one.open for one in state.feedback):
        return None
    return refuse(refusals.NO_FEEDBACK_OPEN)


def not_closed(state: CaseState) -> Refusal | None:
    """Require that the complaint is not closed; during the follow-up it is not."""
    if state.stage != Stage.CLOSED:
        return None
    return refuse(refusals.WRONG_STAGE, stage=state.stage)


def record_complete(verb: str) -> Gate:
    """Require the completeness of the record that the policy wants for this step (`sources.md` 53, 57)."""

    def gate(state: CaseState) -> Refusal | None:
        return known_enough(state, verb)

    gate.__name__, gate.__doc__ = record_complete.__name__, record_complete.__doc__
    return gate
