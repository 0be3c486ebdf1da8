"""Further contacts about a complaint: numbered, encrypted and stored in one transaction."""

from typing import Any

from sqlmodel import Session

from services.intake.allowed import allowed
from services.intake.complaint_status import ComplaintStatus
from services.intake.duplicates.merging import moved_on
from services.intake.grumbles.steps import GrumbleSteps
from services.intake.ledger import Entry, enter, entered, locked, next_seq
from services.intake.registration import fact_of
from services.intake.robots.recognising import written_by_machine
from shared.contract.commands import Accepted, AddContact, CommandRequest
from shared.contract.concerned import concerned_by
from shared.contract.events import ContactAdded
from shared.contract.subjects import Service
from shared.contract.values import CUSTOMER, DESCRIBED, Actor, Stage
from shared.policy.people import Names
from shared.runtime.messages.aliases import MergedInto
from shared.runtime.texts.keeping import Texts
from shared.runtime.texts.text_fields import take_out
from shared.triage.finding import SignalFinder, found_in

ABOUT = ("about_staff", "unit")
"""Fields that name the staff or the unit that a contact is about."""


class Contacts:
    """Each method runs inside the caller's transaction."""

    def __init__(self, texts: Texts, steps: GrumbleSteps, finder: SignalFinder, names: Names) -> None:
        self.texts = texts
        self.steps = steps
        self.finder = finder
        self.names = names

    def add(
        self,
        session: Session,
        request: CommandRequest,
        contact: AddContact,
        actor: Actor,
        at: ComplaintStatus,
    ) -> Entry | MergedInto | None:
        """Store a contact, or find it if it is stored already; None for an unknown complaint."""
        locked(session, request.complaint_id)
        moved = moved_on(session, request.complaint_id)
        return (
            entered(session, request.complaint_id, request.command_id)
            or moved
            or self._record(session, request, contact, actor, at)
        )

    def in_danger(self, contact: AddContact) -> bool:
        """Whether a person, and no machine, reports a danger in it."""
        automatic = contact.automatic or written_by_machine(None, contact.text)
        signals = None if automatic else found_in(self.finder, [contact.text])
        return bool(signals and signals.safety)

    def _record(
        self,
        session: Session,
        request: CommandRequest,
        contact: AddContact,
        actor: Actor,
        at: ComplaintStatus,
    ) -> Entry | None:
        complaint = request.complaint_id
        try:
            seq, policy = next_seq(session, complaint)
        except LookupError:
            return None
        data, texts = take_out(
            Service.INTAKE, complaint, request.command_id, contact, own=actor.role == CUSTOMER
        )
        self.texts.put(session, complaint, texts)
        automatic = contact.automatic or written_by_machine(None, contact.text)
        signals = None if automatic else found_in(self.finder, [contact.text])
        about = self._about(contact, data)
        promoted = self.steps.reported(session, complaint, signals, concerned_by(about), at.now)
        fact = ContactAdded(
            channel=contact.channel,
            at=contact.at or at.now,
            text_ref=data["text"],
            automatic=automatic or None,
            signals=signals if promoted is None else None,
            **about,
        )
        said = fact_of(complaint, seq, actor, policy, fact, at.now, cycle=at.cycle, stage=at.stage)
        facts = [said, *(promoted or [])]
        names = [one.name for one in facts]
        reply = _reply(complaint, names, data["text"], at.stage, allowed(session, complaint, at.open))
        return enter(session, request.command_id, reply, seq + len(facts) - 1, facts)

    def _about(self, contact: AddContact, data: dict[str, Any]) -> dict[str, Any]:
        """Staff or unit that the contact names. A code travels as it is; of other words only the reference
        travels, with the ids of the staff or units that they mean.
        """
        said = {name: value for name in ABOUT if (value := getattr(contact, name))}
        told = {name: value if data[name] == value else DESCRIBED for name, value in said.items()}
        besides = self.names.concerned(said.values()).beyond(concerned_by(told))
        refs = {name: data[name] for name in told if told[name] == DESCRIBED}
        return told | {"concerned": besides or None, "text_refs": refs or None}


def _reply(complaint: str, events: list[str], text_ref: str, stage: Stage, may: list[str]) -> Accepted:
    return Accepted(
        complaint_id=complaint,
        stage=stage,
        events=events,
        allowed=may,
        result={"text_ref": text_ref},
    )
