"""Later steps of a stored grumble: it is answered, or becomes a complaint. Each step is one transaction.

Exactly once: a step locks the grumble's row, and its decision (status, facts, texts, reply) is written
together. If a request, a repeat and the end of the time come at once, the first promotes; the others see
it.
"""

from datetime import datetime

from sqlmodel import Session

from services.intake.allowed import allowed
from services.intake.complaint_status import ComplaintStatus
from services.intake.duplicates.joining import put_contact
from services.intake.grumbles.admitting import Grumbles, held
from services.intake.grumbles.rules import (
    FOR_GOOD,
    Promotion,
    answered,
    not_a_grumble,
    why_not_answer,
    why_not_promote,
)
from services.intake.ledger import Entry, enter, entered, next_seq
from services.intake.registration import FactsWithTexts, Registration, fact_of
from services.intake.tables import ComplaintRow, GrumbleRow
from shared.contract.commands import Accepted, AnswerGrumble, CommandRequest, Promote
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import PromotedBecause, Received, Signals
from shared.contract.ids import text_key
from shared.contract.outgoing import Outgoing
from shared.contract.queries import GrumbleStatus
from shared.contract.values import CUSTOMER, SYSTEM, Actor, Concerned, Stage
from shared.triage.finding import found_in

UNANSWERED = "\x1funanswered"
"""Key in the ledger where a command id would be: no sender can choose it, because it has a control
character.
"""

COMPLAINED = "\x1fcomplained"
"""Key of the same kind, for a complaint that came under the source and id of the grumble."""

ANSWER_FACTS = 2


class GrumbleSteps:
    """Steps of grumbles under the policy in force."""

    def __init__(self, grumbles: Grumbles) -> None:
        self.grumbles = grumbles
        self.texts = grumbles.texts
        self.policy = grumbles.policy

    def answer(
        self, session: Session, request: CommandRequest, command: AnswerGrumble, actor: Actor, at: datetime
    ) -> Entry | Refusal:
        """Put the answer away and let the grumble rest; or why not."""
        row = _asked_about(session, request)
        if not isinstance(row, GrumbleRow):
            return row
        if refusal := why_not_answer(GrumbleStatus(row.standing), row.into, actor):
            return refusal
        ref = self._seal(session, request, "text", command.text)
        received = Received.model_validate_json(row.received)
        first, _ = next_seq(session, row.complaint_id, ANSWER_FACTS)
        caused = answered(received, row.complaint_id, (command.text, ref), actor, at, first, self.policy)
        row.standing = GrumbleStatus.ANSWERED
        session.add(row)
        return self._enter(session, request.command_id, row, caused, first, {"text_ref": ref})

    def promote(
        self, session: Session, request: CommandRequest, command: Promote, actor: Actor, at: datetime
    ) -> Entry | Refusal:
        """Make it a complaint at the request of an actor; or the refusal."""
        row = _asked_about(session, request)
        if not isinstance(row, GrumbleRow):
            return row
        if refusal := why_not_promote(GrumbleStatus(row.standing), row.into):
            return refusal
        ref = self._seal(session, request, "reason", command.reason)
        self.grumbles.note_signals(session, row, found_in(self.grumbles.finder, [command.reason]))
        return self._promote(session, request.command_id, row, _alone(row, "request", actor, at, ref))

    def reported(
        self,
        session: Session,
        complaint: str,
        signals: Signals | None,
        concerned: Concerned,
        at: datetime,
    ) -> list[Outgoing] | None:
        """Store the signals of a contact with the grumble that it belongs to; returns the facts, if a danger
        promotes it.

        None for a complaint, and for a grumble with a final status: routing reads the contact itself.
        """
        row = held(session, complaint)
        if row is None or row.standing in FOR_GOOD:
            return None
        self.grumbles.note_signals(session, row, signals, concerned)
        if not (signals and signals.safety):
            return []
        _, caused = self.grumbles.begin(session, row, _alone(row, "danger", SYSTEM, at))
        return caused.facts

    def complained(
        self, session: Session, one: Registration, at: ComplaintStatus, digest: bytes
    ) -> Entry | None:
        """Promote a grumble whose customer sends other content under its own source and id.

        A complaint asks for that; another grumble is a repeat. Its content is a contact of the complaint.
        None for a grumble with a final status.
        """
        row = held(session, one.complaint_id)
        if row is None or row.standing in FOR_GOOD or self._erased(session, one.complaint_id):
            return None
        first, caused = self.grumbles.begin(session, row, _come_again(row, one, at.now))
        seq, policy = next_seq(session, one.complaint_id)
        contact = put_contact(session, self.texts, one, one.complaint_id, digest)
        told = fact_of(one.complaint_id, seq, SYSTEM, policy, contact, at.now, cycle=at.cycle, stage=at.stage)
        both = FactsWithTexts([*caused.facts, told], caused.texts)
        return self._enter(session, COMPLAINED, row, both, first, {"into": one.complaint_id})

    def unanswered(self, session: Session, complaint: str, at: datetime) -> str | None:
        """Make it a complaint because its time is over, if it is still open; returns the id of the complaint
        that it is now.

        A grumble whose texts were erased rests: it cannot be answered any more.
        """
        row = held(session, complaint)
        if row is not None and row.standing == GrumbleStatus.OPEN and not self._erased(session, complaint):
            self._promote(session, UNANSWERED, row, _alone(row, "unanswered", SYSTEM, at))
        return row.into if row else None

    def _promote(self, session: Session, name: str, row: GrumbleRow, promotion: Promotion) -> Entry:
        first, caused = self.grumbles.begin(session, row, promotion)
        return self._enter(session, name, row, caused, first, {"into": promotion.into})

    def _enter(
        self,
        session: Session,
        name: str,
        row: GrumbleRow,
        caused: FactsWithTexts,
        first: int,
        result: dict[str, str],
    ) -> Entry:
        """Everything that the step caused, in this one transaction; `name` is its place in the ledger."""
        self.texts.put(session, row.complaint_id, caused.texts)
        reply = Accepted(
            complaint_id=row.complaint_id,
            stage=Stage.RECORDED,
            events=[fact.name for fact in caused.facts],
            allowed=allowed(session, row.complaint_id, is_open=True),
            result=result,
        )
        last = first + len(caused.facts) - 1
        return enter(session, name, reply, last, caused.facts)

    def _seal(self, session: Session, request: CommandRequest, field: str, text: str) -> str:
        key = text_key(request.command_id, field, own=request.actor.id == CUSTOMER)
        return self.texts.put(session, request.complaint_id, {key: text})[key]

    def _erased(self, session: Session, complaint: str) -> bool:
        (ref,) = self.texts.refs(complaint, {"narrative": ""}).values()
        return self.texts.erased_at(session, ref) is not None


def _asked_about(session: Session, request: CommandRequest) -> GrumbleRow | Entry | Refusal:
    """Grumble that a command is about, locked; or the entry of this very command, if it was carried out
    before; or a refusal.
    """
    row = held(session, request.complaint_id)
    if known := entered(session, request.complaint_id, request.command_id):
        return known
    if row is not None:
        return row
    if session.get(ComplaintRow, request.complaint_id) is None:
        return refuse(ErrorCode.UNKNOWN_COMPLAINT, field="complaint_id")
    return not_a_grumble()


def _come_again(row: GrumbleRow, one: Registration, at: datetime) -> Promotion:
    if one.answer_by is not None:
        return _alone(row, "repeat", SYSTEM, at)
    return _alone(row, "request", Actor(id=CUSTOMER, role=CUSTOMER), at)


def _alone(
    row: GrumbleRow, because: PromotedBecause, actor: Actor, at: datetime, reason_ref: str | None = None
) -> Promotion:
    """Promotion of a grumble by itself: it keeps its id."""
    return Promotion(
        because=because,
        into=row.complaint_id,
        grumbles=[row.complaint_id],
        grumbled_at=row.received_at,
        actor=actor,
        at=at,
        reason_ref=reason_ref,
    )
