"""What intake says of a complaint after the first facts: numbered and kept with the command that caused it.

Nothing is lost: facts are rows before they are said, and whatever may not have been said is said before
anything later. Nothing is doubled: what the stream holds already is left out.
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
    """A command on record: the first reply to it, and what nobody may have said yet, in order.

    `again` says that an earlier try may have published some of it.
    """

    complaint_id: str
    seq: int
    reply: Accepted
    unpublished: list[Outgoing]
    again: bool


def entered(session: Session, complaint: str, command_id: str) -> Entry | None:
    """The entry of a command, if it was carried out before; `Once` has seen to it that it is the same."""
    row = session.get(CommandRow, (complaint, command_id))
    return of_row(session, row) if row else None


def locked(session: Session, complaint: str) -> None:
    """Let no other process carry out a command to this complaint until the transaction ends.

    Two that carry out the same one at once both find it not entered otherwise, and the later one fails.
    """
    row = select(ComplaintRow.complaint_id).where(ComplaintRow.complaint_id == complaint)
    session.exec(row.with_for_update(key_share=True)).first()


def of_row(session: Session, row: CommandRow) -> Entry:
    """A row as an entry."""
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
    """Keep a command with its reply and its facts, of which `seq` is the number of the last.

    What earlier tries left unsaid comes first, so that facts are published in their order. It stands with
    `complaint`, the one that the command was sent to, where the reply names another.
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
    """The first of the next `count` numbers of intake's facts about a complaint, and the policy it has.

    All of them are taken. Raises `LookupError` for a complaint that is not on record.
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
    """What may not have been said yet, in order; some of it may be about other complaints."""
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
    """The number up to which `unpublished` goes; 0 if only the first facts are left."""
    numbers = session.exec(
        select(CommandRow.seq).where(
            CommandRow.complaint_id == complaint, col(CommandRow.published).is_(False)
        )
    ).all()
    return max(numbers, default=0)


def left_behind(session: Session, limit: int) -> list[str]:
    """Complaints of which a command was carried out, and not all that it caused was said."""
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
    """Every fact on record of so many complaints, by their ids, from this one on."""
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
    """The number of the last fact of each complaint that is on record."""
    table = ComplaintRow
    wanted = select(table.complaint_id, table.last_seq).where(col(table.complaint_id).in_(complaints))
    return dict(session.exec(wanted).all())
