"""Submissions under a source and id that are stored already. In the caller's transaction, which locks the
customer.

The same content is a repeat: it adds nothing. Other content of the same customer is stored as a contact of
the complaint that this id means now; under the id of a grumble that is still open, it promotes the grumble
to a complaint. Content of another customer, or for a complaint that takes no contacts any more, has no
clear meaning: such a message is quarantined, so that its sender gives it an id of its own.

Exactly once: the digest of each content is written with the contact, so a redelivery finds it.
"""

from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from services.intake import refusals
from services.intake.complaint_status import ComplaintStatus
from services.intake.duplicates.candidates import follow, received_of
from services.intake.duplicates.joining import Joining
from services.intake.grumbles.rules import FOR_GOOD, dangerous, is_repeat
from services.intake.grumbles.steps import GrumbleSteps
from services.intake.ledger import Entry
from services.intake.registration import Registration
from services.intake.tables import ComplaintRow, FurtherContentRow, GrumbleRow
from shared.contract.quarantine import Misfit, Reason
from shared.contract.queries import GrumbleStatus
from shared.contract.values.problems import Words
from shared.runtime.refusals import AND_DANGER, DANGER
from shared.runtime.texts.digests import Digests


class KnownIds:
    """Distinguish repeats from other messages under the same id, and store the other messages."""

    def __init__(self, digests: Digests, joining: Joining, steps: GrumbleSteps) -> None:
        self._digests = digests
        self._joining = joining
        self._steps = steps

    def repeats(self, session: Session, registrations: Sequence[Registration]) -> set[tuple[str, bytes]]:
        """Contents of these ids that are stored, each with its id."""
        names = {one.complaint_id for one in registrations}
        first = select(ComplaintRow.complaint_id, ComplaintRow.digest)
        later = select(FurtherContentRow.complaint_id, FurtherContentRow.digest)
        found = session.exec(first.where(col(ComplaintRow.complaint_id).in_(names))).all()
        further = session.exec(later.where(col(FurtherContentRow.complaint_id).in_(names))).all()
        return {(name, digest) for name, digest in (*found, *further)}

    def is_repeat(self, session: Session, one: Registration) -> bool:
        """Whether this very content came under this id before."""
        return (one.complaint_id, self._digests.of(one.content)) in self.repeats(session, [one])

    def look(self, session: Session, one: Registration) -> Misfit | str | None:
        """Reason why this may not come under this id; or the complaint whose status decides that; or None."""
        row = session.get(ComplaintRow, one.complaint_id)
        if row is None or self.is_repeat(session, one):
            return None
        if row.customer != one.customer:
            return _reused(refusals.ID_OF_OTHERS, one)
        return follow(session, one.complaint_id)

    def take(
        self, session: Session, one: Registration, statuses: Mapping[str, ComplaintStatus]
    ) -> Entry | Misfit | str:
        """Store another content; or the refusal; or the id whose status has to be read before."""
        row = session.get_one(ComplaintRow, one.complaint_id)
        if row.customer != one.customer:
            return _reused(refusals.ID_OF_OTHERS, one)
        into = follow(session, one.complaint_id)
        at = statuses.get(into)
        if at is None:
            return into
        digest = self._digests.of(one.content)
        grumble = session.get(GrumbleRow, one.complaint_id)
        waiting = grumble is not None and grumble.standing not in FOR_GOOD
        kept = (
            self._grumbled(session, one, at, digest)
            if waiting
            else self._added(session, one, into, at, digest)
        )
        if isinstance(kept, Entry):
            session.add(
                FurtherContentRow(complaint_id=one.complaint_id, digest=digest, into=kept.complaint_id)
            )
            session.flush()
        return kept

    def _added(
        self, session: Session, one: Registration, into: str, at: ComplaintStatus, digest: bytes
    ) -> Entry | Misfit:
        received = received_of(session, session.get_one(ComplaintRow, into))
        if received is None or not at.open:
            return opens_nothing() if one.automatic else over(one)
        return self._joining.add(session, one, (into, received), at, digest)

    def _grumbled(
        self, session: Session, one: Registration, at: ComplaintStatus, digest: bytes
    ) -> Entry | Misfit:
        """Under the id of a grumble: a complaint asks for its promotion, a second grumble is a repeat."""
        if one.automatic:
            return opens_nothing()
        grumble = session.get_one(GrumbleRow, one.complaint_id)
        rests = grumble.standing == GrumbleStatus.ANSWERED
        again = one.answer_by is not None
        if again and rests and not is_repeat(grumble.received_at, one.received_at, self._steps.policy):
            return over(one)
        return self._steps.complained(session, one, at, digest) or over(one)


def opens_nothing() -> Misfit:
    """Misfit: a machine wrote it, so it opens and promotes nothing, and it belongs to no open complaint."""
    return Misfit(Reason.AUTOMATIC, refusals.AUTOMATIC, "data.automatic")


def over(one: Registration) -> Misfit:
    """Misfit: the complaint under this id takes no contacts any more."""
    return _reused(refusals.ID_OF_ENDED, one)


def _reused(words: Words, one: Registration) -> Misfit:
    """Misfit: no complaint takes it. If it reports a danger, both its sender and the staff here have to act
    now.
    """
    danger = dangerous(one.received) and not one.automatic
    if danger:
        words = AND_DANGER.filled(what=words, danger=DANGER)
    return Misfit(Reason.ID_REUSED, words, "id", danger=danger)
