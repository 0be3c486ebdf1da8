"""Stored swaps of shifts, as rules and queries read them."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select, update

from services.routing.staffing.swapping import Swap
from services.routing.tables import SwapRow
from shared.contract.queries.presence import SwapState
from shared.runtime.storage.database import Database

OVER = timedelta(days=2)
"""Time after its last shift from which a swap is not read any more."""


def swap_of(row: SwapRow) -> Swap:
    """Swap of a row."""
    mine, theirs = (row.by_since, row.by_until), (row.to_since, row.to_until)
    return Swap(row.swap_id, row.by, row.to, mine, theirs, row.status)  # type: ignore[arg-type]


def recent(session: Session, now: datetime) -> list[Swap]:
    """Swaps that are not over."""
    last = now - OVER
    wanted = select(SwapRow).where(or_(col(SwapRow.by_until) > last, col(SwapRow.to_until) > last))
    return [swap_of(row) for row in session.exec(wanted).all()]


def newest(session: Session, people: Collection[str], limit: int) -> list[SwapState]:
    """Newest swaps of these people."""
    wanted = select(SwapRow).where(or_(col(SwapRow.by).in_(people), col(SwapRow.to).in_(people)))
    rows = session.exec(wanted.order_by(col(SwapRow.proposed_at).desc(), col(SwapRow.swap_id)).limit(limit))
    return [SwapState.model_validate(row, from_attributes=True) for row in rows.all()]


class UntoldSwaps:
    """Swaps after which the open complaints of the two people are to be looked up again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self) -> list[Swap]:
        """Swaps that were accepted, or refused after that, since the last look."""
        wanted = select(SwapRow).where(~col(SwapRow.told))
        return await self._database.read(lambda session: [swap_of(row) for row in session.exec(wanted)])

    async def told(self, swap: Swap) -> None:
        """Note that the complaints were signalled; a swap that has changed since comes again."""
        same = (col(SwapRow.swap_id) == swap.swap_id, col(SwapRow.status) == swap.status)
        noted = update(SwapRow).where(*same).values(told=True)
        await self._database.write(lambda session: session.connection().execute(noted))
