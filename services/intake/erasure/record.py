"""Stored erasures: asked for, and done. Each function runs inside the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select, update

from services.intake.allowed import allowed
from services.intake.complaint_status import ComplaintStatus
from services.intake.grumbles.rules import FOR_GOOD
from services.intake.ledger import Entry, enter, next_seq, of_row
from services.intake.registration import fact_of
from services.intake.tables import CommandRow, ComplaintRow, ErasureRow, GrumbleRow
from shared.contract.commands import Accepted, CommandRequest, Erase
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import Erased
from shared.contract.ids import short_hash
from shared.contract.outgoing import Outgoing
from shared.contract.queries import GrumbleStatus
from shared.contract.refusals import COMMAND_ID_USED
from shared.contract.values import Actor, ErasureReason

TAKEN = "\x1ferased-"
"""Prefix of the ledger's key of an erasure whose id another command has already: no sender can choose it."""


@dataclass(frozen=True)
class Gone:
    """Counts of what was destroyed: texts in the services, or quarantined copies for an id that was never
    stored.
    """

    texts: int
    put_aside: int | None = None

    def result(self, reason: str) -> dict[str, str | int]:
        """As the reply has it."""
        quarantined = {} if self.put_aside is None else {"put_aside": self.put_aside}
        return {"reason": reason, "texts": self.texts, **quarantined}


def reason_of(words: str) -> ErasureReason:
    """Reason as a code; other words of the request may be about a person, and are discarded here."""
    try:
        return ErasureReason(words.strip().lower())
    except ValueError:
        return ErasureReason.OTHER


def ask(
    session: Session, request: CommandRequest, order: Erase, actor: Actor, now: datetime, *, quarantined: bool
) -> ErasureRow | Refusal:
    """Store an erasure, or find it if it is stored; or the refusal. `quarantined`: copies of it were
    quarantined.
    """
    name = short_hash(f"{request.complaint_id}\n{request.command_id}", 32)
    found = session.get(ErasureRow, name)
    if found is not None:
        return found
    if not quarantined and not is_stored(session, request.complaint_id):
        return refuse(ErrorCode.UNKNOWN_COMPLAINT, field="complaint_id")
    if session.get(CommandRow, (request.complaint_id, request.command_id)) is not None:
        return refuse(COMMAND_ID_USED)
    row = ErasureRow(
        erasure_id=name,
        complaint_id=request.complaint_id,
        command_id=request.command_id,
        actor=actor.id,
        via=actor.via,
        reason=reason_of(order.reason),
        asked_at=now,
    )
    session.add(row)
    session.flush()
    return row


def is_stored(session: Session, complaint: str) -> bool:
    """Whether it ever became a complaint or a grumble; a submission that was only quarantined did not."""
    return session.get(ComplaintRow, complaint) is not None


def pending(session: Session) -> list[ErasureRow]:
    """Erasures that not every service has confirmed, the oldest first."""
    rows = select(ErasureRow).where(col(ErasureRow.done).is_(False)).order_by(col(ErasureRow.asked_at))
    return list(session.exec(rows).all())


def family(session: Session, complaint: str) -> list[str]:
    """Ids of a complaint, of the complaints merged into it, and of the grumbles that it began as; its own id
    first.
    """
    found, new = [complaint], {complaint}
    while new:
        merged = select(ComplaintRow.complaint_id).where(col(ComplaintRow.merged_into).in_(new))
        grumbled = select(GrumbleRow.complaint_id).where(col(GrumbleRow.into).in_(new))
        new = {*session.exec(merged).all(), *session.exec(grumbled).all()} - set(found)
        found += sorted(new)
    return found


def carried_out(session: Session, row: ErasureRow) -> Entry | None:
    """Entry of this very erasure, if it was carried out before."""
    asked = session.get(ErasureRow, row.erasure_id)
    if asked is None or not asked.done:
        return None
    names = (f"{TAKEN}{row.erasure_id}", row.command_id)
    found = (session.get(CommandRow, (row.complaint_id, name)) for name in names)
    return next((of_row(session, one) for one in found if one is not None), None)


def finish(session: Session, row: ErasureRow, actor: Actor, gone: Gone, at: ComplaintStatus) -> Entry:
    """Every service has confirmed: the fact and the reply, once. Where no text was left, there is no fact."""
    taken = session.connection().execute(
        update(ErasureRow)
        .where(col(ErasureRow.erasure_id) == row.erasure_id, col(ErasureRow.done).is_(False))
        .values(done=True)
    )
    _forget_orders(session, row.complaint_id)
    _rest(session, row.complaint_id)
    if taken.rowcount != 1:
        if (found := carried_out(session, row)) is None:
            raise RuntimeError(f"the erasure {row.erasure_id} is done and has no reply")
        return found
    seq, facts = _fact_of(session, row, actor, gone.texts, at) if gone.texts else (0, [])
    reply = Accepted(
        complaint_id=row.complaint_id,
        stage=at.stage,
        events=[Erased.NAME for _ in facts],
        allowed=allowed(session, row.complaint_id, at.open),
        result=gone.result(row.reason),
    )
    used = session.get(CommandRow, (row.complaint_id, row.command_id)) is not None
    name = f"{TAKEN}{row.erasure_id}" if used else row.command_id
    return enter(session, name, reply, seq, facts)


def _forget_orders(session: Session, complaint: str) -> None:
    """Delete the hashes of order numbers: with a hash, a person who guesses the number finds the
    complaint.
    """
    own = col(ComplaintRow.complaint_id).in_(family(session, complaint))
    session.connection().execute(update(ComplaintRow).where(own).values(order_hash=None))


def _rest(session: Session, complaint: str) -> None:
    """Set an open or answered grumble to erased: without its texts it cannot be answered. A grumble that is
    promoted or joined stays so.
    """
    own = col(GrumbleRow.complaint_id).in_(family(session, complaint))
    waiting = col(GrumbleRow.standing).not_in(FOR_GOOD)
    session.connection().execute(update(GrumbleRow).where(own, waiting).values(standing=GrumbleStatus.ERASED))


def _fact_of(
    session: Session, row: ErasureRow, actor: Actor, texts: int, at: ComplaintStatus
) -> tuple[int, list[Outgoing]]:
    complaint = row.complaint_id
    seq, policy = next_seq(session, complaint)
    fact = Erased(reason=ErasureReason(row.reason), texts=texts)
    return seq, [fact_of(complaint, seq, actor, policy, fact, at.now, cycle=at.cycle, stage=at.stage)]
