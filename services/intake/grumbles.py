"""Grumbles on record, and which is the second of one customer. In the caller's transaction."""

from sqlmodel import Session, col, select

from services.intake.grumble import Promotion, is_repeat, repeated
from services.intake.ledger import next_seq, unsaid
from services.intake.registration import Registration
from services.intake.tables import ComplaintRow, GrumbleRow
from shared.contract.grumbles import Standing
from shared.contract.outgoing import Outgoing
from shared.contract.values import SYSTEM
from shared.policy.loader import Policy


class Grumbles:
    """Decides at the door; `grumble_steps` does later on. Whoever changes a grumble's row holds it."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def admit(self, session: Session, one: Registration) -> tuple[Registration, list[Outgoing]]:
        """Put a grumble on record; a second one within the policy's time comes back as the complaint it is.

        With it come the facts to be said of it, and, for a repeat, those of the grumbles before. The caller
        holds the customer, so that of two at once the later one sees the other.
        """
        firsts = self._before(session, one)
        if not firsts:
            session.add(_row(one, Standing.OPEN))
            session.flush()
            return one, one.facts
        promotion = _repeat(one, firsts)
        complaint = repeated(one, promotion, self.policy)
        linked = [fact for first in firsts for fact in self._linked(session, first, promotion)]
        session.add(_row(one, Standing.PROMOTED, promotion))
        session.flush()
        heard, promoted, *rest = complaint.facts
        return complaint, [heard, promoted, *linked, *rest]

    def _before(self, session: Session, one: Registration) -> list[GrumbleRow]:
        """The grumbles that, with this one, are a repeat; those that are a complaint already are none."""
        rows = session.exec(
            select(GrumbleRow)
            .where(GrumbleRow.customer_ref == one.customer_ref, GrumbleRow.standing != Standing.PROMOTED)
            .order_by(col(GrumbleRow.received_at), col(GrumbleRow.complaint_id))
            .with_for_update()
        ).all()
        return [row for row in rows if is_repeat(row.received_at, one.received_at, self.policy)]

    def _linked(self, session: Session, first: GrumbleRow, promotion: Promotion) -> list[Outgoing]:
        """What has to be said of a grumble that goes on in a later one: what was left unsaid comes first."""
        seq, _ = next_seq(session, first.complaint_id)
        waiting = unsaid(session, first.complaint_id)
        note_promotion(session, first, promotion)
        session.get_one(ComplaintRow, first.complaint_id).merged_into = promotion.into
        return [*waiting, promotion.fact(first.complaint_id, seq, self.policy)]


def note_promotion(session: Session, row: GrumbleRow, promotion: Promotion) -> None:
    """From now on, and for good, the grumble is the complaint `into`."""
    row.standing, row.into, row.because = Standing.PROMOTED, promotion.into, promotion.because
    session.add(row)


def held(session: Session, complaint: str) -> GrumbleRow | None:
    """The row of a grumble, which nobody else may change until the end of the transaction."""
    wanted = select(GrumbleRow).where(GrumbleRow.complaint_id == complaint)
    return session.exec(wanted.with_for_update()).one_or_none()


def _repeat(one: Registration, firsts: list[GrumbleRow]) -> Promotion:
    return Promotion(
        because="repeat",
        into=one.complaint_id,
        grumbles=[*(first.complaint_id for first in firsts), one.complaint_id],
        grumbled_at=min(one.received_at, *(first.received_at for first in firsts)),
        actor=SYSTEM,
        at=one.recorded_at,
    )


def _row(one: Registration, standing: Standing, promotion: Promotion | None = None) -> GrumbleRow:
    if one.answer_by is None:
        raise ValueError(f"{one.complaint_id} is a complaint, not a grumble")
    return GrumbleRow(
        complaint_id=one.complaint_id,
        customer_ref=one.customer_ref,
        received_at=one.received_at,
        answer_by=one.answer_by,
        received=one.received.model_dump_json(exclude_none=True).encode(),
        standing=standing,
        into=promotion.into if promotion else None,
        because=promotion.because if promotion else None,
    )
