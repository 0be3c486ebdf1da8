"""One pass looks at everything, whatever one complaint does, and tells what it finds once."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import cast

import pytest

from services.console.audit.reconciler import passing
from services.console.audit.reconciler.gathering import Sources
from services.console.audit.reconciler.passing import Finding, reconcile
from services.console.audit.reconciler.views import RowView, StreamView, WorkflowView
from services.console.audit.unreadable import UnreadablePart, read_part
from shared.client.failures import AmendsError, RequestRefused
from shared.contract.errors import ErrorCode, refuse

CLOSED = StreamView(seq=3, closed=True, last_at=datetime(2026, 11, 22, tzinfo=UTC))
ROW = RowView("closed", 3, {}, 3, 3, listed={"stage": "closed"})


class Kept:
    """Complaints that were closed; `rows` are those that are as they should be."""

    def __init__(self, rows: dict[str, RowView | UnreadablePart]) -> None:
        self._rows = rows

    async def received(self) -> AsyncIterator[list[str]]:
        yield list(self._rows)

    async def open_workflows(self) -> AsyncIterator[str]:
        for one in self._rows:
            yield one

    async def rows(self) -> AsyncIterator[str]:
        for one in self._rows:
            yield one

    async def facts(self, _: str) -> StreamView:
        return CLOSED

    async def row(self, complaint_id: str) -> RowView:
        found = self._rows[complaint_id]
        if isinstance(found, UnreadablePart):
            raise found
        return found

    async def workflow(self, _: str, __: int | None) -> WorkflowView | None:
        return None


async def found(kept: Kept) -> list[Finding]:
    one_pass = reconcile(cast(Sources, kept), kept.rows())
    return [finding async for _, some in one_pass for finding in some]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passing, "PAUSE_SECONDS", 0)


async def test_an_unreadable_complaint_is_named_and_the_others_are_checked() -> None:
    kept = Kept(
        {"C1": UnreadablePart("its row cannot be read"), "C2": ROW, "C3": RowView("analysing", 3, {}, 3, 3)}
    )
    assert await found(kept) == [
        Finding("C1", "its row cannot be read"),
        Finding("C3", "its row has the stage analysing, and by its facts it was closed"),
    ]


async def refused() -> None:
    raise RequestRefused(refuse(ErrorCode.UNAVAILABLE))


async def answers() -> None:
    """Nobody in particular is asked for."""


async def is_away() -> None:
    raise AmendsError("The routing service is not running.")


async def test_a_fault_of_one_complaint_differs_from_a_part_that_is_away() -> None:
    with pytest.raises(UnreadablePart, match=r"^its row cannot be read: A part .* \[unavailable\]$"):
        await read_part("its row", refused(), answers)
    with pytest.raises(AmendsError, match="is not running"):
        await read_part("its row", refused(), is_away)


async def test_an_unexpected_error_is_named_by_its_type_alone() -> None:
    async def breaks() -> None:
        raise KeyError("the words of somebody")

    with pytest.raises(UnreadablePart, match=r"^its row cannot be read: KeyError$"):
        await read_part("its row", breaks(), answers)
