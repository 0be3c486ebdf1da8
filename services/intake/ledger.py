"""Ledger of intake's later facts about a complaint: each is numbered and stored with the command that caused
it.

Nothing is lost: facts are rows before they are published, and facts that may be unpublished are published
before any later fact. Nothing is doubled: facts that the stream holds already are left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, not_, select, update

from services.intake.tables import CommandRow, ComplaintRow
from shared.contract.commands import Accepted
from shared.contract.outgoing import Outgoing, packed, unpacked
from shared.contract.values import PolicyId


@dataclass(frozen=True)
class Entry:
    """Stored command: its first reply, and the facts that may be unpublished, in order.

    `again` is set if an earlier try may have published some of them.
    """

    complaint_id: str
    seq: int
    reply: Accepted
    unpublished: list[Outgoing]
    again: bool


def entered(session: Session, complaint: str, command_id: str) -> Entry | None:
    """Entry of a command, if it was carried out before; `Once` has checked that it is the same command."""
    row = session.get(CommandRow, (complaint, command_id))
    return of_row(session, row) if row else None


def locked(session: Session, complaint: str) -> None:
    """Let no other process carry out a command to this complaint until the transaction ends.

    Without the lock, two processes that carry out the same command at once would both find no entry, and
    the later one would fail.
    """
    row = select(ComplaintRow.complaint_id).where(ComplaintRow.complaint_id == complaint)
    session.exec(row.with_for_update(key_share=True)).first()


def of_row(session: Session, row: CommandRow) -> Entry:
    """Entry of a row."""
    reply = Accepted.model_validate_json(row.reply)
    return Entry(row.complaint_id, row.seq, reply, unpublished(session, row.complaint_id), True)


def enter(
    session: Session,
    command_id: str,
    reply: Accepted,
    seq: int,
    facts: list[Outgoing],
    complaint: str | None = None,
) -> Entry:
    """Store a command with its reply and its facts; `seq` is the number of the last fact.

    Facts that earlier tries left unpublished come first, so that facts are published in their order. The
    entry is stored under `complaint`, to which the command was sent, where the reply names another
    complaint.
    """
    complaint = complaint or reply.complaint_id
    session.add(
        CommandRow(
            complaint_id=complaint,
            command_id=command_id,
            seq=seq,
            reply=reply.model_dump_json().encode(),
            facts=packed(facts),
            published=not facts,
        )
    )
    session.flush()
    waiting = unpublished(session, complaint)
    return Entry(complaint, seq, reply, waiting, len(waiting) > len(facts))


def next_seq(session: Session, complaint: str, count: int = 1) -> tuple[int, PolicyId]:
    """First of the next `count` numbers of intake's facts about a complaint, and the policy of the complaint.

    All of the numbers are taken. Raises `LookupError` for a complaint that is not stored.
    """
    table = ComplaintRow
    taken = session.connection().execute(
        update(table)
        .where(col(table.complaint_id) == complaint)
        .values(last_seq=table.last_seq + count)
        .returning(col(table.last_seq), col(table.policy_id), col(table.policy_hash))
    )
    row = taken.first()
    if row is None:
        raise LookupError(f"{complaint} is not stored")
    return row[0] - count + 1, PolicyId(id=row[1], hash=row[2])


def unpublished(session: Session, complaint: str) -> list[Outgoing]:
    """Facts that may be unpublished, in order; some may be about other complaints."""
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


def last_unpublished(session: Session, complaint: str) -> int:
    """Number of the last fact in `unpublished`; 0 if only the first facts are left."""
    numbers = session.exec(
        select(CommandRow.seq).where(
            CommandRow.complaint_id == complaint, col(CommandRow.published).is_(False)
        )
    ).all()
    return max(numbers, default=0)


def left_behind(session: Session, limit: int) -> list[str]:
    """Complaints with a command that was carried out and whose facts are not all published."""
    table = CommandRow
    rows = select(table.complaint_id).where(not_(col(table.published))).distinct().limit(limit)
    return list(session.exec(rows).all())


def note_published(session: Session, complaint: str, seq: int) -> None:
    """Note that everything up to this number was published.

    The complaint comes first, as where a command is entered: else two could wait for each other.
    """
    connection = session.connection()
    connection.execute(
        update(ComplaintRow).where(col(ComplaintRow.complaint_id) == complaint).values(published=True)
    )
    connection.execute(
        update(CommandRow)
        .where(col(CommandRow.complaint_id) == complaint, col(CommandRow.seq) <= seq)
        .values(published=True)
    )


def all_facts(session: Session, first: str, limit: int) -> list[tuple[str, list[Outgoing]]]:
    """All stored facts of up to `limit` complaints, by their ids, from `first` on."""
    wanted = select(ComplaintRow.complaint_id, ComplaintRow.facts).where(
        col(ComplaintRow.complaint_id) >= first
    )
    rows = session.exec(wanted.order_by(col(ComplaintRow.complaint_id)).limit(limit)).all()
    found = {complaint: unpacked(facts) for complaint, facts in rows}
    later = (
        select(CommandRow.complaint_id, CommandRow.facts)
        .where(col(CommandRow.complaint_id).in_(found))
        .order_by(col(CommandRow.complaint_id), col(CommandRow.seq))
    )
    for complaint, facts in session.exec(later):
        found[complaint] += unpacked(facts)
    # Rows that were made again from the stream hold the facts of later commands, too.
    return [(name, list({fact.id: fact for fact in facts}.values())) for name, facts in found.items()]


def last_seqs(session: Session, complaints: Sequence[str]) -> Mapping[str, int]:
    """Number of the last fact of each complaint that is stored."""
    table = ComplaintRow
    wanted = select(table.complaint_id, table.last_seq).where(col(table.complaint_id).in_(complaints))
    return dict(session.exec(wanted).all())
