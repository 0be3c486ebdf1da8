"""Further contacts about a complaint: numbered, put away and remembered in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from services.intake.ledger import Entry, enter, entered, next_seq
from services.intake.registration import fact_of
from shared.contract.commands import Accepted, AddContact, CommandRequest
from shared.contract.events import ContactAdded
from shared.contract.ids import text_key
from shared.contract.values import Actor, Stage
from shared.runtime.texts import Texts


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
    ) -> Entry | None:
        """Put a contact on record, or find it there; None for a complaint that nobody knows."""
        found = entered(session, request.complaint_id, request.command_id)
        return found or self._record(session, request, contact, actor, at)

    def _record(
        self, session: Session, request: CommandRequest, contact: AddContact, actor: Actor, at: Standing
    ) -> Entry | None:
        complaint = request.complaint_id
        try:
            seq, policy = next_seq(session, complaint)
        except LookupError:
            return None
        key = text_key(request.command_id, "text")
        ref = self.texts.put(session, complaint, {key: contact.text})[key]
        fact = ContactAdded(channel=contact.channel, at=contact.at or at.now, text_ref=ref)
        said = fact_of(complaint, seq, actor, policy, fact, at.now, cycle=at.cycle, stage=at.stage)
        return enter(session, request.command_id, _reply(complaint, fact, at.stage), seq, [said])


def _reply(complaint: str, fact: ContactAdded, stage: Stage) -> Accepted:
    return Accepted(
        complaint_id=complaint,
        stage=stage,
        events=[fact.NAME],
        allowed=[AddContact.VERB],
        result={"text_ref": fact.text_ref},
    )
