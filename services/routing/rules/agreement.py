"""Agreeing, carrying out with evidence, and ending (`sources.md` 51, 53, 62, 78, 80)."""

from datetime import datetime

from services.routing import refusals
from services.routing.rules.apologies import given_by_action
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.described import is_described
from services.routing.rules.exits import apology_with_notice, body, ending, open_items, resolved
from services.routing.rules.positions import stale
from services.routing.rules.standards import cited
from services.routing.rules.state import CaseState
from services.routing.rules.win_win import better_for_both
from shared.clocks.budget import due
from shared.contract.commands import CompleteAction, Decide
from shared.contract.errors import Refusal, refuse
from shared.contract.events import (
    ActionCompleted,
    Agreed,
    AgreedAction,
    FinalDecision,
    OfferMade,
    Terms,
)


def agreed(state: CaseState, made: OfferMade, now: datetime) -> Agreed:
    """Terms of the agreement with the remedy's actions, each with its own due instant and clock."""
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
    terms = Terms(
        remedy=made.remedy,
        amount=made.amount,
        standards=made.standards,
        conditions_ref=made.conditions_ref,
    )
    chosen = next((one for one in state.options if one.option_id == made.option_id), None)
    better = better_for_both([*state.shelved, *state.options], chosen) if chosen else []
    return Agreed(offer_id=made.offer_id, terms=terms, actions=actions, better_for_both=better or None)


def complete_action(
    state: CaseState, request: ActorCommand[CompleteAction], now: datetime
) -> Decision | Refusal:
    """Done, with evidence. Once nothing else is open, the complaint is resolved (`Case._conclude`)."""
    command = request.command
    action = next((a for a in state.actions if a.action_id == command.action_id), None)
    if action is None or action.done:
        return refuse(
            refusals.NO_SUCH_ACTION
            if action is None
            else refusals.ACTION_RELEASED
            if action.released
            else refusals.ACTION_DONE
        )
    left = [item.id for item in open_items(state) if item.id != command.action_id]
    completed = ActionCompleted(action_id=command.action_id, evidence_ref=command.evidence)
    apology = given_by_action(state, action.what, request.actor.role)
    return Decision([completed, *apology], {"still_open": left} if left else {})


def final_decision(state: CaseState, request: ActorCommand[Decide], now: datetime) -> Decision | Refusal:
    """Without agreement: reasons, standards, and the next recourse (`sources.md` 62)."""
    command = request.command
    if refusal := stale(state, command.position):
        return refusal
    standards = cited(state, command.standards, now, request.precedent)
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
    quoted = {"recourse": recourse_ref} if recourse_ref else {}
    items = {"recourse": body(state, recourse)} if recourse else {}
    notice = ending(state, "decision", items=items, text_of=command.text, texts_of=quoted)
    return Decision([decision, *apology_with_notice(state), notice, resolved(state, "decided")])
