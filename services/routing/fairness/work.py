"""Query `fairness`: the scores of ended complaints by groups, with intervals."""

from collections.abc import AsyncIterator
from typing import Any

from services.routing import refusals
from services.routing.fairness.disparity import LEAST, LEAST_DIFFERENCE, LEVEL, Observed, compared
from services.routing.fairness.scores import scores
from services.routing.store import Store
from services.routing.tables import CaseRow
from shared.contract.errors import Refusal, refuse
from shared.contract.queries import FairnessGroup, FairnessQuery, FairnessReport

AT_ONCE = 500


class FairnessWork:
    """Reads the rows of ended complaints and compares their groups."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, query: FairnessQuery) -> FairnessReport | Refusal:
        if query.since and query.until and query.since >= query.until:
            return refuse(refusals.EMPTY_SPAN)
        values = [one async for row in self._rows(query) if (one := _observed(row, query))]
        rows = compared(values)
        return FairnessReport(
            by=query.by,
            measure=query.measure,
            complaints=sum(one.complaints for one in rows),
            level=LEVEL,
            least=LEAST,
            least_difference=LEAST_DIFFERENCE,
            groups=[FairnessGroup(**one._asdict()) for one in rows],
            found=[one.group for one in rows if one.found],
        )

    async def _rows(self, query: FairnessQuery) -> AsyncIterator[CaseRow]:
        after = ""
        while page := await self._store.ended_cases(after, AT_ONCE, query.since, query.until):
            for row in page:
                yield row
            after = page[-1].complaint_id


def _observed(row: CaseRow, query: FairnessQuery) -> Observed | None:
    """Value of a complaint; None where it has no such score, or was merged into another."""
    value = getattr(scores(row.state, row.followup), query.measure)
    group: Any = row.state.get(query.by)
    if value is None or group is None or row.outcome == "merged":
        return None
    others = [str(row.state[name]) for name in ("category", "severity") if name != query.by]
    return Observed(str(group), " ".join(others), value)
