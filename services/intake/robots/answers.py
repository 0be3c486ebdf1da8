"""Limit of notices within an hour that only answer messages about a complaint. In the caller's transaction.

A robot that was not recognised answers each notice. Beyond the limit its messages are stored without a
notice, so it has nothing to answer. A notice that a rule requires is never counted, and never held back.
"""

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, func, select

from services.intake.tables import AnsweredRow
from shared.runtime.log import logger

HOUR = timedelta(hours=1)

log = logger("answers")


def may_answer(session: Session, complaint: str, at: datetime, most: int) -> bool:
    """Whether one more message about this complaint is answered; the caller holds the customer."""
    mine = col(AnsweredRow.complaint_id) == complaint
    session.connection().execute(delete(AnsweredRow).where(mine, col(AnsweredRow.at) <= at - HOUR))
    sent = session.exec(select(func.count()).select_from(AnsweredRow).where(mine)).one()
    if sent >= most:
        log.warning("too_many_answers", complaint_id=complaint, per_hour=most)
    return sent < most


def note_answer(session: Session, complaint: str, seq: int, at: datetime) -> None:
    """Count the notice with this number."""
    session.add(AnsweredRow(complaint_id=complaint, seq=seq, at=at))
