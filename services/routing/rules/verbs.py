"""Table of the verbs of a case: for each its command, who may use it, its gates, and the rule that decides.

Everything else follows from a row: the refusal of an actor whom it does not name, the refusal by a gate,
`allowed`, the subscription (`service.py` serves these rows), the page on verbs. The command model adds
what travels: the name of the verb, its fields, and which of them are texts.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any, Generic, TypeVar

from services.routing import refusals
from services.routing.rules import (
    agreement,
    apologies,
    approvals,
    changes,
    extending,
    feedback,
    handing_over,
    leadership,
    leaving,
    mediation,
    negotiation,
    pausing,
    people,
    questions,
    stakeholders,
    substance,
    tasks,
    understanding,
)
from services.routing.rules.completeness import complete_record
from services.routing.rules.decision import LETTERS, PRECEDENT, ActorCommand, Decision
from services.routing.rules.gates import (
    Gate,
    about_a_person,
    actions_open,
    apology_due,
    approval_open,
    being_handled,
    feedback_open,
    interest_known,
    mediation_open,
    no_mediation,
    no_open_offer,
    no_open_request,
    no_transfer,
    not_agreed_yet,
    not_closed,
    not_paused,
    nothing_open,
    offer_open,
    options_ready,
    paused,
    question_open,
    record_complete,
    responded_first,
    restatement_sent,
    something_open,
    supervisor_above,
    task_finished,
    task_open,
    transfer_open,
)
from services.routing.rules.migration import migrate
from services.routing.rules.receipt import correct_receipt
from services.routing.rules.reclassification import reclassify
from services.routing.rules.state import CaseState
from services.routing.rules.understanding import fallbacks_known, listened_first, restated_first
from shared.contract import commands as order
from shared.contract.commands import Command, MigratePolicy
from shared.contract.errors import Refusal, refuse
from shared.contract.events import CitedPrecedent
from shared.contract.orders import Order
from shared.contract.reading_orders import typed
from shared.contract.who import Who
from shared.policy.people import Person
from shared.policy.pinned import Pinned

Asked = TypeVar("Asked", bound=Command)

Rule = Callable[[CaseState, ActorCommand[Asked], datetime], Decision | Refusal]


@dataclass(frozen=True)
class Verb(Generic[Asked]):
    """Row of the table. `rule` is absent for a verb that the case itself does not decide."""

    command: type[Asked]
    may: Collection[Who]
    gates: tuple[Gate, ...]
    rule: Rule[Asked] | None = None

    @property
    def name(self) -> str:
        """Name of the verb on the wire."""
        return self.command.VERB

    @property
    def conditions(self) -> tuple[Gate, ...]:
        """List what must be so before the verb is possible."""
        return self.gates

    def decide(self, state: CaseState, request: ActorCommand[Asked], now: datetime) -> Decision | Refusal:
        """Return the decision of the rule. A verb without a rule is refused when its order is read."""
        assert self.rule is not None
        return self.rule(state, request, now)


OWNER = frozenset({Who.OWNER})
OWNER_OR_ABOVE = frozenset({Who.OWNER, Who.SUPERVISOR})
OWNER_OR_COMPLAINANT = frozenset({Who.OWNER, Who.COMPLAINANT})
MEDIATOR = frozenset({Who.MEDIATOR})
SUPERVISOR = frozenset({Who.SUPERVISOR})
STAFF = frozenset({Who.STAFF})
STAFF_OR_DEPARTMENT = frozenset({Who.STAFF, Who.DEPARTMENT})
ANYBODY = frozenset({Who.STAFF, Who.COMPLAINANT})

_ROWS: tuple[Verb[Any], ...] = (
    Verb(order.Respond, OWNER, (being_handled,), substance.respond),
    Verb(order.Clarify, OWNER, (being_handled,), substance.clarify),
    Verb(order.RecordInterest, OWNER_OR_COMPLAINANT, (being_handled,), substance.record_interest),
    Verb(order.Listen, OWNER, (being_handled,), understanding.listen),
    Verb(order.Restate, OWNER, (not_agreed_yet,), understanding.restate),
    Verb(order.Confirm, OWNER_OR_COMPLAINANT, (being_handled, restatement_sent), understanding.confirm),
    Verb(order.RecordFallback, OWNER_OR_COMPLAINANT, (not_agreed_yet,), understanding.record_fallback),
    Verb(order.SetPosition, OWNER, (being_handled,), substance.set_position),
    Verb(order.Ask, OWNER_OR_ABOVE, (being_handled,), questions.ask),
    Verb(order.AnswerQuestion, ANYBODY, (being_handled, question_open), questions.answer_question),
    Verb(order.CompleteRecord, ANYBODY, (being_handled,), complete_record),
    Verb(
        order.PrepareOptions,
        OWNER,
        (not_agreed_yet, no_open_offer, no_open_request, record_complete("prepare_options")),
        negotiation.prepare_options,
    ),
    Verb(
        order.MakeOffer,
        OWNER,
        (
            not_agreed_yet,
            responded_first,
            listened_first,
            restated_first,
            interest_known,
            fallbacks_known,
            options_ready,
            no_open_offer,
            no_open_request,
            record_complete("offer"),
        ),
        negotiation.offer,
    ),
    Verb(order.AnswerOffer, OWNER_OR_COMPLAINANT, (being_handled, offer_open), negotiation.answer),
    Verb(order.WithdrawOffer, OWNER, (being_handled, offer_open), negotiation.withdraw_offer),
    Verb(order.Approve, SUPERVISOR | {Who.REQUESTER}, (being_handled, approval_open), approvals.approve),
    Verb(order.CompleteAction, OWNER, (being_handled, actions_open), agreement.complete_action),
    Verb(order.Apologise, OWNER_OR_ABOVE, (being_handled, apology_due), apologies.apologise),
    Verb(order.Mediate, OWNER_OR_ABOVE, (not_agreed_yet, responded_first, no_mediation), mediation.mediate),
    Verb(order.FinishMediation, MEDIATOR, (being_handled, mediation_open), mediation.finish_mediation),
    Verb(
        order.Decide,
        OWNER_OR_ABOVE,
        (not_agreed_yet, responded_first, nothing_open, no_mediation, record_complete("final_decision")),
        agreement.final_decision,
    ),
    Verb(order.Refer, OWNER_OR_ABOVE, (being_handled, nothing_open, record_complete("refer")), leaving.refer),
    Verb(order.Withdraw, OWNER_OR_COMPLAINANT, (being_handled,), leaving.withdraw),
    Verb(order.Release, OWNER_OR_ABOVE | {Who.COMPLAINANT}, (being_handled, something_open), leaving.release),
    Verb(order.Reclassify, OWNER_OR_ABOVE, (being_handled,), reclassify),
    Verb(
        order.Transfer,
        OWNER_OR_ABOVE,
        (being_handled, no_transfer, record_complete("transfer")),
        people.transfer,
    ),
    Verb(order.HandOver, OWNER_OR_ABOVE, (being_handled, no_transfer), handing_over.hand_over),
    Verb(order.BeginConversation, OWNER, (being_handled,), handing_over.begin_conversation),
    Verb(order.EndConversation, OWNER, (being_handled,), handing_over.end_conversation),
    Verb(order.AcceptTransfer, STAFF, (being_handled, transfer_open), people.accept_transfer),
    Verb(order.Change, OWNER_OR_ABOVE, (being_handled,), changes.change),
    Verb(order.Escalate, STAFF, (being_handled, supervisor_above), people.escalate),
    Verb(order.Pause, OWNER_OR_ABOVE, (being_handled, not_paused), pausing.pause),
    Verb(order.Resume, OWNER_OR_ABOVE, (being_handled, paused), pausing.resume),
    Verb(order.Extend, OWNER_OR_ABOVE, (being_handled,), extending.extend),
    Verb(order.CorrectReceipt, SUPERVISOR, (being_handled,), correct_receipt),
    Verb(order.MigratePolicy, SUPERVISOR, (being_handled,), migrate),
    Verb(order.InformParty, OWNER_OR_ABOVE, (being_handled,), stakeholders.inform_party),
    Verb(order.MarkVulnerable, OWNER_OR_ABOVE, (being_handled,), leadership.mark_vulnerable),
    Verb(order.Override, OWNER_OR_ABOVE, (being_handled,), leadership.override),
    Verb(order.RaiseFeedback, STAFF_OR_DEPARTMENT, (being_handled,), feedback.raise_feedback),
    Verb(order.AcknowledgeFeedback, STAFF, (being_handled, feedback_open), feedback.acknowledge_feedback),
    Verb(order.OpenTask, OWNER_OR_ABOVE, (being_handled,), tasks.open_task),
    Verb(order.ReportTask, STAFF_OR_DEPARTMENT, (being_handled, task_open), tasks.report_task),
    Verb(order.FinishTask, STAFF_OR_DEPARTMENT, (being_handled, task_open), tasks.finish_task),
    Verb(order.CountersignTask, OWNER_OR_ABOVE, (being_handled, task_finished), tasks.countersign_task),
    Verb(order.SignOn, STAFF, (about_a_person,)),
    Verb(order.SignOff, STAFF, (about_a_person,)),
    Verb(order.ProposeSwap, STAFF, (about_a_person,)),
    Verb(order.AcceptSwap, STAFF, (about_a_person,)),
    Verb(order.RefuseSwap, STAFF, (about_a_person,)),
    Verb(order.Note, ANYBODY, (not_closed,)),
)

VERBS: dict[str, Verb[Any]] = {row.name: row for row in _ROWS}
"""Every verb that routing answers, by its name on the wire."""


def read(order: Order) -> ActorCommand[Command] | Refusal:
    """Return the order with its typed command, or a refusal with the wrong field."""
    row = VERBS.get(order.verb)
    if row is None or row.rule is None:
        return refuse(refusals.NO_SUCH_VERB, verb=order.verb)
    command: Command | Refusal = typed(order, row.command)
    if isinstance(command, Refusal):
        return command
    migrates, attached = order.verb == MigratePolicy.VERB, order.attached or {}
    figures = attached.get(PRECEDENT)
    names = bool(attached) and not (migrates or {LETTERS, PRECEDENT} & attached.keys())
    return ActorCommand(
        actor=order.actor,
        command=command,
        named=order.named,
        units=order.units,
        named_units=order.named_units,
        concerned=order.concerned,
        pinned=Pinned.model_validate(attached) if migrates and attached else None,
        letters=attached.get(LETTERS),
        precedent=CitedPrecedent.model_validate(figures) if figures else None,
        candidate=Person.model_validate(attached) if names else None,
    )


def gate(state: CaseState, verb: str) -> Refusal | None:
    """Return the refusal of the first gate that is shut for `verb`."""
    return next((refusal for one in VERBS[verb].gates if (refusal := one(state))), None)


def _is_shut(state: CaseState, one: Gate) -> bool:
    """Whether a gate is shut; a gate with a fault is: the case goes on without the verb."""
    try:
        return one(state) is not None
    except Exception:
        return True


def allowed(state: CaseState) -> list[str]:
    """List the verbs that are possible now for those who may use them, and a contact until the closing."""
    shut = cache(partial(_is_shut, state))  # verbs have gates in common
    possible = [verb for verb, row in VERBS.items() if not any(shut(one) for one in row.gates)]
    return possible if not_closed(state) else [*possible, order.AddContact.VERB]
