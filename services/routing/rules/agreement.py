"""Agreeing, carrying out with evidence, and ending (`concepts.md` 51, 53, 62, 78, 80)."""

from datetime import datetime

from services.routing.rules.decision import Decision, Deed
from services.routing.rules.described import described, is_described
from services.routing.rules.standards import cited
from services.routing.rules.state import CaseState
from shared.clocks.budget import due
from shared.contract.commands import CompleteAction, Decide, Refer, Withdraw
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import (
    ActionCompleted,
    Agreed,
    AgreedAction,
    Fact,
    FinalDecision,
    OfferMade,
    OfferWithdrawn,
    Referred,
    Resolved,
    Terms,
    Withdrawn,
)
from shared.contract.recorded import Notification
from shared.contract.values.problems import Words

DONE = Words("it is done already", "该事项已完成")
NOT_AGREED = Words("no such action was agreed", "协议中没有此事项")


def agreed(state: CaseState, made: OfferMade, now: datetime) -> Agreed:
    """The terms, and what has to be done by when: the remedy's actions, each with its own clock."""
    remedy = state.pinned.remedies[made.remedy]
    first = sum(clock.kind == "action" for clock in state.clocks) + 1
    actions = [
        AgreedAction(
            action_id=f"action-{first + number}",
            what=action.what,
            due=due(now, action.within, state.pinned.calendar),
        )
        for number, action in enumerate(remedy.actions)
    ]
    terms = Terms(remedy=made.remedy, amount=made.amount, standards=made.standards)
    return Agreed(offer_id=made.offer_id, terms=terms, actions=actions)


def complete_action(state: CaseState, deed: Deed[CompleteAction]) -> Decision | Refusal:
    """Done, with evidence; the last one resolves the complaint."""
    command = deed.command
    action = next((a for a in state.actions if a.action_id == command.action_id), None)
    if action is None or action.evidence_ref:
        why = DONE if action else NOT_AGREED
        return refuse(ErrorCode.NOT_ALLOWED_NOW, detail=why.en, detail_zh=why.zh, field="data.action_id")
    facts: list[Fact | Notification] = [
        ActionCompleted(action_id=command.action_id, evidence_ref=command.evidence)
    ]
    if all(a.evidence_ref for a in state.actions if a is not action):
        facts.append(resolved(state, "agreed"))
    return Decision(facts)


def resolved(state: CaseState, outcome: str) -> Resolved:
    """Everything is done or decided; follow-up takes over with what it needs to reach the complainant."""
    received = state.opening.received
    return Resolved.model_validate(
        {
            "outcome": outcome,
            "owner": state.owner,
            "handlers": sorted({state.owner, *state.owners}),
            "language": received.language,
            "customer_ref": received.customer_ref,
            "contact": received.contact,
        }
    )


def final_decision(state: CaseState, deed: Deed[Decide]) -> Decision | Refusal:
    """Without agreement: reasons, standards, and the next recourse (`concepts.md` 62)."""
    command = deed.command
    standards = cited(state, command.standards)
    if isinstance(standards, Refusal):
        return standards
    in_words = is_described(state, command.recourse)
    recourse, recourse_ref = (None, command.recourse) if in_words else (command.recourse, None)
    decision = FinalDecision(
        decision=command.decision,
        standards=standards,
        recourse=recourse,
        recourse_ref=recourse_ref,
        text_ref=command.text,
    )
    words = {"complaint_id": state.complaint_id} | ({"recourse": recourse} if recourse else {})
    quoted = {"recourse": recourse_ref} if recourse_ref else {}
    notice = Notification(template="decision", words=words, text_of=command.text, texts_of=quoted)
    return Decision([*taken_back(state), decision, notice, resolved(state, "decided")])


def refer(state: CaseState, deed: Deed[Refer]) -> Decision:
    """To a body outside (ISO 10003)."""
    to, to_ref = described(state, deed.command.to)
    referred = Referred(to=to, to_ref=to_ref, reason_ref=deed.command.reason)
    return Decision([*taken_back(state), referred])


def withdraw(state: CaseState, deed: Deed[Withdraw]) -> Decision | Refusal:
    """The complainant takes it back; the owner may say so for them, but not instead of an answer."""
    if not deed.by_customer and not state.responded:
        return refuse(ErrorCode.NEEDS_RESPONSE_FIRST)
    return Decision([*taken_back(state), Withdrawn(reason_ref=deed.command.reason)])


def taken_back(state: CaseState) -> list[Fact | Notification]:
    """An offer that is still open ends with the negotiation."""
    offer = state.open_offer
    return [OfferWithdrawn(offer_id=offer.made.offer_id)] if offer else []
