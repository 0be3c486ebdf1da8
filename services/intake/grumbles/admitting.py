"""Grumbles on record, and which is the second of one customer. In the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session, col, select, update

from services.intake.grumbles.rules import (
    FOR_GOOD,
    Promotion,
    become,
    dangerous,
    in_danger,
    is_repeat,
    repeated,
    wanted,
    with_grumbles,
    with_what_was_said,
    without_notices,
)
from services.intake.ledger import next_seq, unpublished
from services.intake.registration import FactsWithTexts, Registration
from services.intake.tables import ComplaintRow, GrumbleRow
from shared.contract.concerned import concerned_in
from shared.contract.events import PromotedBecause, Received, Signals
from shared.contract.outgoing import Outgoing
from shared.contract.queries import GrumbleStatus
from shared.contract.values import SYSTEM, Concerned
from shared.policy.loader import Policy
from shared.runtime.texts.keeping import Texts
from shared.runtime.texts.master_key import UnreadableText
from shared.triage.finding import SignalFinder, finder_of, together

QUOTED = ("title", "narrative")
"""The texts that an acknowledgement quotes."""

PROMOTION_FACTS = 4


@dataclass(frozen=True)
class Admitted:
    """A grumble as it goes on record, with all that is to be said for its sake, perhaps of others, too.

    `alias_of` is the complaint that it goes on in, if that has another id.
    """

    registration: Registration
    facts: list[Outgoing]
    alias_of: str | None = None


class Grumbles:
    """Decides at the door; `steps` does later on. Whoever changes a grumble's row holds it."""

    def __init__(self, texts: Texts, policy: Policy, finder: SignalFinder | None = None) -> None:
        self.texts = texts
        self.policy = policy
        self.finder = finder or finder_of(policy.pack)

    def admit(self, session: Session, one: Registration) -> Admitted:
        """Put a grumble on record. With others so close to it, the one that was spoken last is a complaint.

        The caller holds the customer, so that of two at once the later one sees the other.
        """
        firsts = self._before(session, one)
        if not firsts and not one.automatic and dangerous(one.received):
            promotion = in_danger(one)
            session.add(_row(one, GrumbleStatus.PROMOTED, promotion.into, promotion.because))
            return self._second(one, promotion, [], [])
        if not firsts:
            session.add(_row(one, GrumbleStatus.OPEN))
            session.flush()
            return Admitted(one, one.facts)
        promotion = _repeat(one, firsts)
        others = [first for first in firsts if first.complaint_id != promotion.into]
        linked = [fact for first in others for fact in self._linked(session, first, promotion)]
        session.add(_row(one, GrumbleStatus.PROMOTED, promotion.into, promotion.because))
        if promotion.into == one.complaint_id:
            return self._second(one, promotion, linked, _said_by(others))
        (second,) = (first for first in firsts if first.complaint_id == promotion.into)
        return self._overtaken(session, one, second, promotion, linked, _said_by(others))

    def joined(self, session: Session, one: Registration, into: str) -> None:
        """Remember a grumble that went on in an open complaint from the beginning: its own id is an alias."""
        session.add(_row(one, GrumbleStatus.JOINED, into))

    def take_along(self, session: Session, one: Registration, grumbles: list[str]) -> Admitted:
        """A complaint about what its customer grumbled about before: they want it treated as one.

        Grumbles that became another complaint meanwhile stay there.
        """
        found = (held(session, grumble) for grumble in sorted(grumbles))
        rows = [row for row in found if row is not None and row.standing not in FOR_GOOD]
        if not rows:
            return Admitted(one, one.facts)
        promotion = wanted(one, {row.complaint_id: row.received_at for row in rows})
        complaint = with_grumbles(one, promotion, self.policy, _said_by(rows))
        linked = [fact for row in rows for fact in self._linked(session, row, promotion)]
        return Admitted(complaint, [*complaint.facts, *linked])

    def note_signals(
        self, session: Session, row: GrumbleRow, signals: Signals | None, concerned: Concerned | None = None
    ) -> None:
        """Keep what was found in a further text, and whom it names, with the grumble for the complaint."""
        received = Received.model_validate_json(row.received)
        more = concerned.beyond(concerned_in(received)) if concerned else None
        if signals is None and not more:
            return
        told: dict[str, Any] = {"signals": together(received.signals, signals)}
        if more:
            told["concerned"] = (received.concerned or Concerned()).joined(more)
        row.received = received.model_copy(update=told).model_dump_json(exclude_none=True).encode()
        session.add(row)

    def begin(
        self, session: Session, row: GrumbleRow, promotion: Promotion, before: Sequence[Received] = ()
    ) -> tuple[int, FactsWithTexts]:
        """Make a grumble that is on record the complaint that it is now; its facts, and the first's number.

        It is opened under the policy in force, however old the grumble is. `before` are the grumbles that it
        goes on with, in the order in which they were spoken.
        """
        received = Received.model_validate_json(row.received)
        if before:
            received = with_what_was_said(received, before, self.policy)
        first, _ = next_seq(session, row.complaint_id, PROMOTION_FACTS)
        said = become(received, self._quoted(session, row.complaint_id), promotion, self.policy, first=first)
        self.texts.put(session, row.complaint_id, said.texts)
        note_promotion(session, row, promotion)
        identity = self.policy.identity
        session.connection().execute(
            update(ComplaintRow)
            .where(col(ComplaintRow.complaint_id) == row.complaint_id)
            .values(policy_id=identity.id, policy_hash=identity.hash)
        )
        return first, said

    def _second(
        self, one: Registration, promotion: Promotion, linked: list[Outgoing], before: Sequence[Received]
    ) -> Admitted:
        """The ordinary repeat: what came last was spoken last."""
        complaint = repeated(one, promotion, self.policy, before)
        heard, promoted, *rest = complaint.facts
        return Admitted(complaint, [heard, promoted, *linked, *rest])

    def _overtaken(
        self,
        session: Session,
        one: Registration,
        second: GrumbleRow,
        promotion: Promotion,
        linked: list[Outgoing],
        said_before: Sequence[Received],
    ) -> Admitted:
        """The second grumble was heard before the first, which is its alias from the beginning."""
        waiting = unpublished(session, second.complaint_id)
        before = sorted([*said_before, one.received], key=lambda said: said.received_at)
        _, begun = self.begin(session, second, promotion, before)
        own = [one.facts[0], promotion.fact(one.complaint_id, 2, self.policy)]
        first = replace(one, facts=own, texts=without_notices(one.texts))
        return Admitted(first, [*own, *linked, *waiting, *begun.facts], promotion.into)

    def _before(self, session: Session, one: Registration) -> list[GrumbleRow]:
        """The grumbles that, with this one, are a repeat; those that rest for good are none."""
        rows = session.exec(
            select(GrumbleRow)
            .where(GrumbleRow.customer == one.customer, col(GrumbleRow.standing).not_in(FOR_GOOD))
            .order_by(col(GrumbleRow.received_at), col(GrumbleRow.complaint_id))
            .with_for_update()
        ).all()
        return [row for row in rows if is_repeat(row.received_at, one.received_at, self.policy)]

    def _linked(self, session: Session, first: GrumbleRow, promotion: Promotion) -> list[Outgoing]:
        """What has to be said of a grumble that goes on in a later one: what was left unsaid comes first."""
        seq, _ = next_seq(session, first.complaint_id)
        waiting = unpublished(session, first.complaint_id)
        note_promotion(session, first, promotion)
        session.get_one(ComplaintRow, first.complaint_id).merged_into = promotion.into
        return [*waiting, promotion.fact(first.complaint_id, seq, self.policy)]

    def _quoted(self, session: Session, complaint: str) -> dict[str, str]:
        """What the acknowledgement quotes; nothing if it was erased."""
        found: dict[str, str] = {}
        for key, ref in self.texts.refs(complaint, dict.fromkeys(QUOTED, "")).items():
            try:
                found[key] = self.texts.open(session, ref)
            except UnreadableText:
                continue
        return found


def _said_by(grumbles: Sequence[GrumbleRow]) -> list[Received]:
    return [Received.model_validate_json(row.received) for row in grumbles]


def note_promotion(session: Session, row: GrumbleRow, promotion: Promotion) -> None:
    """From now on, and for good, the grumble is the complaint `into`."""
    row.standing, row.into, row.because = GrumbleStatus.PROMOTED, promotion.into, promotion.because
    session.add(row)


def held(session: Session, complaint: str) -> GrumbleRow | None:
    """The row of a grumble, which nobody else may change until the end of the transaction."""
    row = select(GrumbleRow).where(GrumbleRow.complaint_id == complaint)
    return session.exec(row.with_for_update()).one_or_none()


def _repeat(one: Registration, firsts: list[GrumbleRow]) -> Promotion:
    """The one that was spoken last is the complaint; of two at the same instant, the one recorded last."""
    spoken = [*((first.received_at, first.complaint_id) for first in firsts)]
    spoken.append((one.received_at, one.complaint_id))
    spoken.sort(key=lambda grumble: grumble[0])
    return Promotion(
        because="repeat",
        into=spoken[-1][1],
        grumbles=[complaint for _, complaint in spoken],
        grumbled_at=spoken[0][0],
        actor=SYSTEM,
        at=one.recorded_at,
    )


def _row(
    one: Registration,
    standing: GrumbleStatus,
    into: str | None = None,
    because: PromotedBecause | None = None,
) -> GrumbleRow:
    if one.answer_by is None:
        raise ValueError(f"{one.complaint_id} is a complaint, not a grumble")
    return GrumbleRow(
        complaint_id=one.complaint_id,
        customer_ref=one.customer_ref,
        customer=one.customer,
        received_at=one.received_at,
        answer_by=one.answer_by,
        received=one.received.model_dump_json(exclude_none=True).encode(),
        standing=standing,
        into=into,
        because=because,
    )
