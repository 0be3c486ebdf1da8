"""Stored facts of a service about a complaint: the first version of a number holds for ever.

The flush of a workflow is a local activity. It writes and publishes before Temporal has stored the
workflow task. A worker that dies in between leaves facts which its workflow does not know, and the next
attempt may decide otherwise. So a flush looks first, and the facts stored here are what happened
(`StoredFacts`).
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, insert
from sqlmodel import Session, col, func, select

from shared.contract.commands import Accepted
from shared.contract.orders import StoredFacts
from shared.contract.recorded import RecordedFact
from shared.runtime.storage.database import Database
from shared.runtime.storage.remembered import accepted, remember_accepted
from shared.runtime.storage.tables import RecordedFactRow


def stored_from(session: Session, complaint_id: str, first_seq: int) -> StoredFacts:
    """Stored facts from this number on; empty if there are none, so that new facts may be written."""
    rows = session.exec(
        select(RecordedFactRow)
        .where(RecordedFactRow.complaint_id == complaint_id, RecordedFactRow.seq >= first_seq)
        .order_by(col(RecordedFactRow.seq))
    ).all()
    facts = [RecordedFact.model_validate_json(row.recorded) for row in rows]
    return StoredFacts(facts=facts, replies=accepted(session, complaint_id) if facts else {})


def append(
    session: Session,
    database: Database,
    complaint_id: str,
    facts: Sequence[RecordedFact],
    replies: Mapping[str, Accepted],
) -> None:
    """Write facts, at least one, and the replies that promise them; fails if another wrote a number."""
    rows = [
        {"complaint_id": complaint_id, "seq": fact.seq, "recorded": fact.model_dump_json().encode()}
        for fact in facts
    ]
    session.connection().execute(_WRITE, rows)
    remember_accepted(session, database, complaint_id, replies, true_after=facts[-1].seq)


def last_seq(session: Session, complaint_id: str) -> int:
    """Number of the last fact; 0 if there is none."""
    return session.connection().execute(_LAST, {"complaint": complaint_id}).scalar() or 0


_WRITE = insert(RecordedFactRow)
_LAST = select(func.max(col(RecordedFactRow.seq))).where(
    RecordedFactRow.complaint_id == bindparam("complaint")
)
