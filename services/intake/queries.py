"""Queries to intake: the texts that it stores encrypted, and the result of a grumble."""

import re
from collections.abc import Callable
from datetime import datetime

from pydantic import BaseModel
from sqlmodel import Session

from services.intake.admitting import admitted
from services.intake.grumbles.rules import ALLOWED
from services.intake.registration import IntakeContext
from services.intake.store import Store
from services.intake.tables import ComplaintRow, GrumbleRow
from shared.contract.door import Reused
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import Received
from shared.contract.ids import COMPLAINT_ID_PATTERN
from shared.contract.quarantine import Misfit
from shared.contract.queries import GrumbleQuery, GrumbleState, GrumbleStatus
from shared.contract.subjects import Channel, submit
from shared.contract.values import PolicyId
from shared.policy.models import Pack
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.requests import Answer
from shared.runtime.storage.database import Database
from shared.runtime.texts.departments import DepartmentReaders
from shared.runtime.texts.keeping import Texts
from shared.runtime.texts.query import Conflict, TextWork, readers


def text_work(
    texts: Texts, pack: Pack, now: Callable[[], datetime], conflict: Conflict, publisher: Publisher
) -> TextWork:
    """Answer `text` for references that begin with `intake:`, and for references without a service."""
    return TextWork(texts, readers(pack), now, conflict, DepartmentReaders(publisher, pack))


class GrumbleWork:
    """Answers `grumble`. Refused: `unknown_complaint`, also for what was a complaint from the beginning."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def __call__(self, query: GrumbleQuery) -> GrumbleState | Refusal:
        if not re.fullmatch(COMPLAINT_ID_PATTERN, query.complaint_id):
            return refuse(ErrorCode.UNKNOWN_COMPLAINT, field="complaint_id")
        return await self.database.read(lambda session: _state(session, query.complaint_id))


def _state(session: Session, complaint: str) -> GrumbleState | Refusal:
    row, entry = session.get(GrumbleRow, complaint), session.get(ComplaintRow, complaint)
    if row is None or entry is None:
        return refuse(ErrorCode.UNKNOWN_COMPLAINT, field="complaint_id")
    received = Received.model_validate_json(row.received)
    standing = GrumbleStatus(row.standing)
    return GrumbleState.model_validate(
        {name: getattr(received, name) for name in GrumbleState.model_fields if hasattr(received, name)}
        | {
            "complaint_id": complaint,
            "standing": standing,
            "answer_by": row.answer_by,
            "policy": PolicyId(id=entry.policy_id, hash=entry.policy_hash),
            "into": row.into,
            "because": row.because,
            "allowed": ALLOWED[standing],
        }
    )


def reused_answer(context: IntakeContext, store: Store, now: Callable[[], datetime]) -> Answer:
    """Answer whether the id of a submission already means something else, before the door submits it."""

    async def answer(body: bytes) -> BaseModel:
        try:
            found = await store.reused(admitted(submit(Channel.OTHER), body, now(), context))
        except Misfit:
            found = None  # it is quarantined for what it is
        return Reused(detail=found.detail, detail_zh=found.detail_zh) if found else Reused()

    return answer
