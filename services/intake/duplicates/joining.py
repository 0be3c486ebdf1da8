"""Store a second submission as a further contact of the first. In the caller's transaction.

A grumble joins a complaint as a second complaint does. Nothing is lost: the texts, both facts and the
alias are written together. Nothing is doubled: the alias is a row under the submission's own id, which its
repeats find.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from sqlmodel import Session

from services.intake.complaint_status import ComplaintStatus
from services.intake.duplicates.fields_given import fields_given
from services.intake.duplicates.judging import Comparable, Suspected
from services.intake.ledger import Entry, enter, next_seq
from services.intake.notices import AddedSentence, Template
from services.intake.registration import Registration, fact_of, notice_of
from services.intake.robots.answers import may_answer, note_answer
from shared.contract.commands import Accepted
from shared.contract.events import ContactAdded, DuplicateSuspected, Fact, Merged, Received, Signals
from shared.contract.ids import short_hash
from shared.contract.outgoing import Outgoing
from shared.contract.recorded import Notification, ours
from shared.contract.submission import Hints
from shared.contract.values import SYSTEM, Contact, Stage
from shared.policy.loader import Policy
from shared.policy.wording import written
from shared.runtime.texts.keeping import Texts

JOINED = "\x1fjoined-"
"""Prefix of the ledger's key where a command id would be: no sender can choose it, because it has a control
character.
"""

FURTHER = "\x1ffurther-"
"""Prefix of the same kind, for another message under a known id."""

FACTS = 2

BROUGHT = (
    "safety",
    "loss",
    "losses",
    "attachments",
    "representative",
    "group_ref",
    "remedy_sought",
    "unit",
    "about_staff",
    "concerned",
    "vip",
    "contact",
    "hints",
    "not_understood",
)
"""Fields that a submission brings besides its texts. A submission with a record of its own keeps them
there.
"""


def suspecting(one: Registration, suspicion: Suspected) -> Registration:
    """Registration with the suspicion as its last fact."""
    fact = DuplicateSuspected(of=suspicion.of, score=suspicion.score)
    said = fact_of(one.complaint_id, len(one.facts) + 1, SYSTEM, one.policy, fact, one.recorded_at)
    return replace(one, facts=[*one.facts, said])


def merged_alias(one: Registration, into: str, at: datetime) -> Registration:
    """Registration under the submission's own id, which is an alias. Its texts are stored under `into`."""
    said = fact_of(one.complaint_id, 1, SYSTEM, one.policy, Merged(into=into), at, stage=Stage.CLOSED)
    return replace(one, facts=[said], texts={})


def brought(received: Received) -> dict[str, Any]:
    """Other fields that a submission brings and that may travel; fields that were not given are absent."""
    said = {name: getattr(received, name) for name in BROUGHT}
    return {name: value for name, value in said.items() if value and value not in (Hints(), Contact())}


def noticed(received: Received) -> dict[str, Any]:
    """Signals that the lexicon found in its words: none is a word of the customer, so they are not in the
    details.
    """
    return {"signals": received.signals} if received.signals != Signals() else {}


def whole_details(one: Registration) -> str:
    """Details in words, with every field that is in no other text; words come before codes."""
    fields = received_as_published(one.received)
    words: dict[str, Any] = orjson.loads(one.texts.get("details", "{}"))
    return orjson.dumps(fields | words).decode()


def received_as_published(received: Received) -> dict[str, Any]:
    """Fields of a submission besides its texts, as JSON has them."""
    return received.model_dump(mode="json", include=set(brought(received)), exclude_none=True)


def put_contact(
    session: Session, texts: Texts, one: Registration, into: str, digest: bytes = b""
) -> ContactAdded:
    """Store a whole submission as a contact of `into`, with its texts encrypted under that complaint's key.

    `digest` distinguishes it from a message that came under the same id before.
    """
    mark = short_hash(f"{one.complaint_id}{digest.hex()}")
    details = orjson.loads(one.texts.get("details", "{}"))
    words = {key: text for key, text in one.texts.items() if not key.startswith("notice-")}
    words["details"] = whole_details(one)
    own = {f"{key}-{mark}": text for key, text in words.items()}
    refs = texts.put(session, into, own, covered=True)
    return ContactAdded(
        channel=one.channel,
        at=one.received_at,
        text_ref=refs.get(f"narrative-{mark}") or refs[f"title-{mark}"],
        alias=one.complaint_id if one.complaint_id != into else None,
        text_refs={key: refs[f"{key}-{mark}"] for key in words},
        told=fields_given(one.received, details) or None,
        **brought(one.received),
        **({} if one.automatic else noticed(one.received)),
        automatic=one.automatic or None,
    )


class Joining:
    """Adds contacts under the policy in force."""

    def __init__(self, texts: Texts, policy: Policy) -> None:
        self.texts = texts
        self.policy = policy
        self.rules = policy.pack.duplicates

    def join(
        self,
        session: Session,
        one: Registration,
        first: Comparable,
        at: ComplaintStatus,
        alias: list[Outgoing],
    ) -> Entry:
        """Contact stored with the first complaint, the notice to the complainant, and then the alias."""
        contact = put_contact(session, self.texts, one, first.complaint_id)
        name = f"{JOINED}{one.complaint_id}"
        return self._added(session, one, (first.complaint_id, first.received), contact, at, name, alias)

    def add(
        self,
        session: Session,
        one: Registration,
        into: tuple[str, Received],
        at: ComplaintStatus,
        digest: bytes,
    ) -> Entry:
        """Another message under a known id: a contact of the complaint, and the word to the complainant."""
        contact = put_contact(session, self.texts, one, into[0], digest)
        return self._added(session, one, into, contact, at, f"{FURTHER}{one.complaint_id}-{digest.hex()}", [])

    def _added(
        self,
        session: Session,
        one: Registration,
        to: tuple[str, Received],
        contact: ContactAdded,
        at: ComplaintStatus,
        name: str,
        alias: list[Outgoing],
    ) -> Entry:
        """Facts of the contact, under this name in the ledger of the complaint that it is added `to`.

        A machine gets no notice, because it might answer the notice. A complainant gets no more notices
        than the policy allows, and none after an erasure.
        """
        into, told = to[0], list[Fact]()
        most = self.policy.pack.limits.answers_per_hour
        silent = one.automatic or self.texts.erased_at(session, contact.text_ref) is not None
        answered = not silent and may_answer(session, into, at.now, most)
        seq, policy = next_seq(session, into, FACTS if answered else 1)
        held_back = not (answered or silent)
        told.append(contact.model_copy(update={"unanswered": True}) if held_back else contact)
        if answered:
            word = {f"notice-{seq + 1}": self._words(one, to, at)}
            self.texts.put(session, into, word, covered=True)
            told.append(notice_of(Template.CONTACT_JOINED, one.received, into, seq + 1, self.policy))
            note_answer(session, into, seq + 1, at.now)
        facts = [
            fact_of(into, number, SYSTEM, policy, fact, at.now, cycle=at.cycle, stage=at.stage)
            for number, fact in enumerate(told, start=seq)
        ]
        reply = Accepted(complaint_id=into, stage=at.stage, events=[fact.name for fact in facts], allowed=[])
        return enter(session, name, reply, seq + len(facts) - 1, [*facts, *alias])

    def _words(self, one: Registration, to: tuple[str, Received], at: ComplaintStatus) -> str:
        """Text of the notice that it was added to the complaint. The next promise that a clock watches is
        unchanged (`sources.md` 51).
        """
        complaint, received = to
        word = Notification(template=Template.CONTACT_JOINED.value, words={"complaint_id": complaint})
        if by_when := at.next_promise(received.promises):
            word.parts, word.instants = [AddedSentence.BY_WHEN.value], {"by_when": ours(by_when)}
        word.zone = one.received.contact.timezone or self.policy.calendar.zone
        return written(self.policy.pack, word, one.language, {})
