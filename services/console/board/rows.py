"""Worklists as the board shows them: sorted by what is due next on each complaint's own clock."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from services.console.board.feed import KnownFacts
from services.console.display.durations import short_text
from shared.client.facts import PublishedFact, clock_of
from shared.contract.queries import WorkItem
from shared.contract.values import Stage

SOON = timedelta(hours=2)
NEVER = timedelta(days=36_500)


@dataclass(frozen=True)
class BoardRow:
    """Row of one open complaint on a page. `left` is negative once the next obligation is overdue."""

    item: WorkItem
    left: timedelta | None
    last: PublishedFact | None
    breached: PublishedFact | None

    @property
    def due_in(self) -> str:
        return "—" if self.left is None else short_text(self.left)

    @property
    def urgency(self) -> str:
        """Style of the row: `overdue`, `soon` or `calm`."""
        if self.left is None:
            return "calm"
        return "overdue" if self.left < timedelta() else "soon" if self.left < SOON else "calm"


def make_rows(
    items: list[WorkItem], known: dict[str, KnownFacts], wall: datetime | None = None
) -> list[BoardRow]:
    """Rows of the table, soonest due first."""
    rows = [
        _row(item, known.get(item.complaint_id, KnownFacts()), wall or datetime.now(UTC)) for item in items
    ]
    return sorted(rows, key=lambda row: row.left if row.left is not None else NEVER)


def _row(item: WorkItem, known: KnownFacts, wall: datetime) -> BoardRow:
    now = clock_of(known.last.time if known.last else None, wall)
    left = item.next_due - now if item.next_due else None
    breached = known.breached if known.breached and known.breached.cycle == item.cycle else None
    return BoardRow(item, left, known.last, breached)


def summary(rows: list[BoardRow]) -> dict[str, Any]:
    """Counts of complaints, above the table."""
    stages = Counter(row.item.stage for row in rows)
    return {
        "open": len(rows),
        "overdue": sum(row.urgency == "overdue" for row in rows),
        "soon": sum(row.urgency == "soon" for row in rows),
        "breached": sum(row.breached is not None for row in rows),
        "stages": [(stage.value, stages.get(stage, 0)) for stage in Stage if stage != Stage.CLOSED],
    }
