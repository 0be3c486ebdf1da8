"""Notes of a complaint: rows beside the case, without a fact and without the workflow."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from services.routing.tables import NoteRow
from shared.contract.commands import CommandRequest
from shared.contract.queries import NoteState
from shared.contract.values import Actor

MOST_SHOWN = 200
"""Most notes in the state of a complaint, the newest; their total number is beside them."""


def keep_note(session: Session, request: CommandRequest, actor: Actor, text_ref: str, at: datetime) -> None:
    """Keep who wrote a note and when; called once for each command."""
    session.add(
        NoteRow(
            complaint_id=request.complaint_id,
            command_id=request.command_id,
            actor=actor.id,
            role=actor.role,
            at=at,
            text_ref=text_ref,
        )
    )


def notes_of(session: Session, complaint_id: str) -> tuple[list[NoteState], int]:
    """Newest notes of a complaint, oldest first, and the number of all."""
    mine = NoteRow.complaint_id == complaint_id
    count = session.exec(select(func.count()).select_from(NoteRow).where(mine)).one()
    newest = select(NoteRow).where(mine).order_by(col(NoteRow.id).desc()).limit(MOST_SHOWN)
    rows = session.exec(newest).all()
    return [_state(row) for row in reversed(rows)], count


def _state(row: NoteRow) -> NoteState:
    actor = Actor(id=row.actor, role=row.role)
    return NoteState(note_id=row.command_id, actor=actor, at=row.at, text_ref=row.text_ref)
