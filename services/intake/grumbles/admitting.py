"""Store grumbles, and find the second of one customer. In the caller's transaction."""

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
    with_earlier_reports,
    with_grumbles,
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
"""Texts that an acknowledgement quotes."""

PROMOTION_FACTS = 4


@dataclass(frozen=True)
class Admitted:
    """Grumble as it is stored, with all facts to publish because of it, perhaps also about others.

    `alias_of` is the complaint that it continues in, if that has another id.
    """

    registration: Registration
    facts: list[Outgoing]
    alias_of: str | None = None


class Grumbles:
    """Decisions about a grumble when it is submitted; `steps` has the later decisions. A function that
    changes a grumble's row locks it.
    """

    def __init__(self, texts: Texts, policy: Policy, finder: SignalFinder | None = None) -> None:
        self.texts = texts
        self.policy = policy
        self.finder = finder or finder_of(policy.pack)

    def admit(self, session: Session, one: Registration) -> Admitted:
        """Store a grumble. If others of its customer are close enough in time, the grumble that was spoken
        last becomes a complaint.

        The caller locks the customer, so that of two at once the later one sees the earlier one.
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
            return self._second(one, promotion, linked, _received_by(others))
        (second,) = (first for first in firsts if first.complaint_id == promotion.into)
        return self._overtaken(session, one, second, promotion, linked, _received_by(others))

    def joined(self, session: Session, one: Registration, into: str) -> None:
        """Remember a grumble that went on in an open complaint from the beginning: its own id is an alias."""
        session.add(_row(one, GrumbleStatus.JOINED, into))

    def take_along(self, session: Session, one: Registration, grumbles: list[str]) -> Admitted:
        """Store a complaint that includes its customer's earlier grumbles about the same: the customer wants
        them treated as a complaint.

        Grumbles that became another complaint meanwhile stay there.
        """
        found = (held(session, grumble) for grumble in sorted(grumbles))
        rows = [row for row in found if row is not None and row.standing not in FOR_GOOD]
        if not rows:
            return Admitted(one, one.facts)
        promotion = wanted(one, {row.complaint_id: row.received_at for row in rows})
        complaint = with_grumbles(one, promotion, self.policy, _received_by(rows))
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
        """Make a stored grumble the complaint that it is now; returns the number of the first fact, and the
        facts.

        The complaint is opened under the policy in force, also for an old grumble. `before` are the
        grumbles that it continues, in the order in which they were spoken.
        """
        received = Received.model_validate_json(row.received)
        if before:
            received = with_earlier_reports(received, before, self.policy)
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
        """Admit an ordinary repeat: the grumble that came last was spoken last."""
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
        earlier: Sequence[Received],
    ) -> Admitted:
        """Admit a grumble that was spoken before `second`, which came in earlier: it is an alias of that from
        the beginning.
        """
        waiting = unpublished(session, second.complaint_id)
        before = sorted([*earlier, one.received], key=lambda received: received.received_at)
        _, begun = self.begin(session, second, promotion, before)
        own = [one.facts[0], promotion.fact(one.complaint_id, 2, self.policy)]
        first = replace(one, facts=own, texts=without_notices(one.texts))
        return Admitted(first, [*own, *linked, *waiting, *begun.facts], promotion.into)

    def _before(self, session: Session, one: Registration) -> list[GrumbleRow]:
        """Earlier grumbles that make this grumble a repeat; erased grumbles do not count."""
        rows = session.exec(
            select(GrumbleRow)
            .where(GrumbleRow.customer == one.customer, col(GrumbleRow.standing).not_in(FOR_GOOD))
            .order_by(col(GrumbleRow.received_at), col(GrumbleRow.complaint_id))
            .with_for_update()
        ).all()
        return [row for row in rows if is_repeat(row.received_at, one.received_at, self.policy)]

    def _linked(self, session: Session, first: GrumbleRow, promotion: Promotion) -> list[Outgoing]:
        """Facts to publish about a grumble that continues in a later one: facts that are still unpublished
        come first.
        """
        seq, _ = next_seq(session, first.complaint_id)
        waiting = unpublished(session, first.complaint_id)
        note_promotion(session, first, promotion)
        session.get_one(ComplaintRow, first.complaint_id).merged_into = promotion.into
        return [*waiting, promotion.fact(first.complaint_id, seq, self.policy)]

    def _quoted(self, session: Session, complaint: str) -> dict[str, str]:
        """Texts that the acknowledgement quotes; empty if they were erased."""
        found: dict[str, str] = {}
        for key, ref in self.texts.refs(complaint, dict.fromkeys(QUOTED, "")).items():
            try:
                found[key] = self.texts.open(session, ref)
            except UnreadableText:
                continue
        return found


def _received_by(grumbles: Sequence[GrumbleRow]) -> list[Received]:
    return [Received.model_validate_json(row.received) for row in grumbles]


def note_promotion(session: Session, row: GrumbleRow, promotion: Promotion) -> None:
    """Note in the row that the grumble is now the complaint `into`. This is final."""
    row.standing, row.into, row.because = GrumbleStatus.PROMOTED, promotion.into, promotion.because
    session.add(row)


def held(session: Session, complaint: str) -> GrumbleRow | None:
    """Row of a grumble, locked until the end of the transaction."""
    row = select(GrumbleRow).where(GrumbleRow.complaint_id == complaint)
    return session.exec(row.with_for_update()).one_or_none()


def _repeat(one: Registration, firsts: list[GrumbleRow]) -> Promotion:
    """Promotion of a repeat: the grumble that was spoken last is the complaint; of two at the same instant,
    the grumble recorded last.
    """
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
    status: GrumbleStatus,
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
        standing=status,
        into=into,
        because=because,
    )
