"""Further contacts about a complaint: numbered, put away and remembered in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select, update

from services.intake.registration import fact_of
from services.intake.tables import CommandRow, ComplaintRow
from shared.contract.commands import Accepted, AddContact, CommandRequest
from shared.contract.events import ContactAdded
from shared.contract.ids import text_key
from shared.contract.outgoing import Outgoing, encode, unpacked
from shared.contract.values import Actor, PolicyId, Stage
from shared.runtime.texts import Texts


@dataclass(frozen=True)
class Contact:
    """A contact on record: the first reply to it, and what nobody may have said yet, in order.

    `again` says that an earlier try may have published some of it.
    """

    complaint_id: str
    seq: int
    reply: Accepted
    unsaid: list[Outgoing]
    again: bool


@dataclass(frozen=True)
class Standing:
    """Where a complaint stands by its last fact, and its clock, which may be ahead of the wall's."""

    now: datetime
    cycle: int = 1
    stage: Stage = Stage.RECORDED


class Contacts:
    """Each method runs inside the caller's transaction."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def add(
        self, session: Session, request: CommandRequest, contact: AddContact, actor: Actor, at: Standing
    ) -> Contact | None:
        """Put a contact on record, or find it there; None for a complaint that nobody knows.

        What earlier tries left unsaid comes first, so that facts are published in their order.
        """
        found = session.get(CommandRow, (request.complaint_id, request.command_id))
        row = found or self._record(session, request, contact, actor, at)
        if row is None:
            return None
        unsaid = _unsaid(session, request.complaint_id)
        again = found is not None or len(unsaid) > 1
        return Contact(row.complaint_id, row.seq, Accepted.model_validate_json(row.reply), unsaid, again)

    def reply(self, session: Session, request: CommandRequest) -> Contact | None:
        """The contact that this very command recorded before, if it did."""
        row = session.get(CommandRow, (request.complaint_id, request.command_id))
        if row is None:
            return None
        reply = Accepted.model_validate_json(row.reply)
        return Contact(row.complaint_id, row.seq, reply, _unsaid(session, row.complaint_id), True)

    def said(self, session: Session, contact: Contact) -> None:
        """Note that everything up to this contact was published."""
        connection = session.connection()
        connection.execute(
            update(CommandRow)
            .where(col(CommandRow.complaint_id) == contact.complaint_id, col(CommandRow.seq) <= contact.seq)
            .values(published=True)
        )
        connection.execute(
            update(ComplaintRow)
            .where(col(ComplaintRow.complaint_id) == contact.complaint_id)
            .values(published=True)
        )

    def _record(
        self, session: Session, request: CommandRequest, contact: AddContact, actor: Actor, at: Standing
    ) -> CommandRow | None:
        complaint = request.complaint_id
        numbered = _next_seq(session, complaint)
        if numbered is None:
            return None
        seq, policy = numbered
        key = text_key(request.command_id, "text")
        ref = self.texts.put(session, complaint, {key: contact.text})[key]
        fact = ContactAdded(channel=contact.channel, at=contact.at or at.now, text_ref=ref)
        row = CommandRow(
            complaint_id=complaint,
            command_id=request.command_id,
            seq=seq,
            reply=encode(_reply(complaint, fact, at.stage)),
            facts=fact_of(complaint, seq, actor, policy, fact, at.now, cycle=at.cycle, stage=at.stage).body,
        )
        session.add(row)
        session.flush()
        return row


def _next_seq(session: Session, complaint: str) -> tuple[int, PolicyId] | None:
    """The next number of intake's facts about a complaint, taken, and the policy it was opened under."""
    table = ComplaintRow
    taken = session.connection().execute(
        update(table)
        .where(col(table.complaint_id) == complaint)
        .values(last_seq=table.last_seq + 1)
        .returning(col(table.last_seq), col(table.policy_id), col(table.policy_hash))
    )
    row = taken.first()
    return None if row is None else (row[0], PolicyId(id=row[1], hash=row[2]))


def _unsaid(session: Session, complaint: str) -> list[Outgoing]:
    first = session.exec(
        select(ComplaintRow.facts).where(
            ComplaintRow.complaint_id == complaint, col(ComplaintRow.published).is_(False)
        )
    ).all()
    later = session.exec(
        select(CommandRow.facts)
        .where(CommandRow.complaint_id == complaint, col(CommandRow.published).is_(False))
        .order_by(col(CommandRow.seq))
    ).all()
    return [fact for facts in (*first, *later) for fact in unpacked(facts)]


def _reply(complaint: str, fact: ContactAdded, stage: Stage) -> Accepted:
    return Accepted(
        complaint_id=complaint,
        stage=stage,
        events=[fact.NAME],
        allowed=[AddContact.VERB],
        result={"text_ref": fact.text_ref},
    )
