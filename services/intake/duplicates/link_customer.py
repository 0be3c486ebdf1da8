"""`link_customer`: a supervisor states that the customer of a complaint has a reference in another register,
too.
"""

import re
from collections.abc import Callable
from datetime import datetime

from pydantic import BaseModel
from sqlmodel import Session, col, select

from services.intake import refusals
from services.intake.allowed import allowed, refused
from services.intake.complaint_status import ComplaintStatus, status_of
from services.intake.duplicates.candidates import hold
from services.intake.duplicates.customer_links import key_in, link
from services.intake.duplicates.merging import moved_on
from services.intake.ledger import Entry, enter, entered, next_seq
from services.intake.publishing import LedgerPublisher
from services.intake.registration import fact_of
from services.intake.tables import ComplaintRow
from services.intake.verbs import permitted
from shared.contract.commands import Accepted, Command, CommandRequest, LinkCustomer, Refused
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import CustomerLinked
from shared.contract.ids import COMPLAINT_ID_PATTERN
from shared.contract.subjects import Service
from shared.contract.values import Actor
from shared.policy.models import Pack
from shared.runtime.messages.aliases import MergedInto, passed_on
from shared.runtime.messages.interests import Interests
from shared.runtime.texts.keeping import Texts
from shared.runtime.texts.text_fields import take_out

REF = "data.ref"


class LinkCustomerWork:
    """Answers `link_customer` from a lead or a manager; `undo` ends a link.

    Refused: `unknown_actor`, `over_authority` for others, `conflict_of_interest`, `unknown_complaint`,
    `malformed` for a customer who has no complaint or is the same, and `not_allowed_now` for a closed
    complaint and for what is so already. To a merged id it is about the survivor's customer.
    """

    def __init__(
        self,
        ledger_publisher: LedgerPublisher,
        texts: Texts,
        pack: Pack,
        actors: dict[str, Actor],
        now: Callable[[], datetime],
        interests: Interests,
    ) -> None:
        self.ledger_publisher = ledger_publisher
        self.texts = texts
        self.pack = pack
        self.actors = actors
        self.now = now
        self.interests = interests

    async def __call__(self, request: CommandRequest, command: Command) -> BaseModel:
        assert isinstance(command, LinkCustomer)
        actor = permitted(self.actors, request, command)
        if isinstance(actor, Refusal):
            return Refused(error=actor)
        if refusal := await self._why_not(request, actor):
            return Refused(error=refusal)
        standing = await status_of(self.ledger_publisher.publisher.client, request.complaint_id, self.now())
        done = await self.ledger_publisher.database.write(
            lambda session: self._linked(session, request, command, actor, standing)
        )
        if isinstance(done, MergedInto):
            return await self(passed_on(request, done), command)
        if isinstance(done, Refusal):
            return await refused(self.ledger_publisher, done, request.complaint_id, self.now())
        await self.ledger_publisher.entry(done)
        return done.reply

    async def _why_not(self, request: CommandRequest, actor: Actor) -> Refusal | None:
        """No complaint has this id, or it is about the actor."""
        if not re.fullmatch(COMPLAINT_ID_PATTERN, request.complaint_id):
            return refuse(ErrorCode.UNKNOWN_COMPLAINT, field="complaint_id")
        return await self.interests.conflict(request.complaint_id, actor.id)

    def _linked(
        self,
        session: Session,
        request: CommandRequest,
        command: LinkCustomer,
        actor: Actor,
        at: ComplaintStatus,
    ) -> Entry | Refusal | MergedInto:
        row = session.get(ComplaintRow, request.complaint_id)
        if row is None:
            return refuse(ErrorCode.UNKNOWN_COMPLAINT, field="complaint_id")
        other = key_in(self.pack, command.register, command.ref)
        hold(session, [row.customer, other])
        session.expire_all()
        if known := entered(session, request.complaint_id, request.command_id) or moved_on(
            session, request.complaint_id
        ):
            return known
        if refusal := _why_not(session, row.customer, other, at):
            return refusal
        if not link(session, row.customer, other, undo=command.undo):
            return refuse(refusals.NOT_LINKED if command.undo else refusals.LINKED_ALREADY)
        return self._entry(session, request, command, actor, at)

    def _entry(
        self,
        session: Session,
        request: CommandRequest,
        command: LinkCustomer,
        actor: Actor,
        at: ComplaintStatus,
    ) -> Entry:
        complaint = request.complaint_id
        seq, policy = next_seq(session, complaint)
        data, texts = take_out(Service.INTAKE, complaint, request.command_id, command)
        self.texts.put(session, complaint, texts)
        fact = CustomerLinked(
            customer_register=command.register,
            customer_ref=command.ref,
            reason_ref=data["reason"],
            undone=command.undo or None,
        )
        linked = fact_of(complaint, seq, actor, policy, fact, at.now, cycle=at.cycle, stage=at.stage)
        may = allowed(session, complaint, at.open)
        reply = Accepted(complaint_id=complaint, stage=at.stage, events=[fact.NAME], allowed=may)
        return enter(session, request.command_id, reply, seq, [linked])


def _why_not(session: Session, mine: str, other: str, at: ComplaintStatus) -> Refusal | None:
    """Reason why the two cannot be linked; None if they can."""
    if not at.open:
        return refuse(refusals.CLOSED)
    if mine == other:
        return refuse(refusals.SAME_CUSTOMER)
    known = session.exec(
        select(ComplaintRow.complaint_id).where(col(ComplaintRow.customer) == other).limit(1)
    ).first()
    if known is None:
        return refuse(refusals.UNKNOWN_CUSTOMER)
    return None
