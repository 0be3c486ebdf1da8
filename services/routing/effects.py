"""Query `change_effects`: what followed each change (`sources.md` 65), and the number of transfers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from services.routing.store import Store
from services.routing.tables import CaseRow
from shared.contract import subjects
from shared.contract.events import Changed, HandedOver, Transferred
from shared.contract.queries import ChangeEffect, ChangeEffects, ChangeEffectsQuery, TransferFigures
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.timeline import pages

State = Mapping[str, Any]

KINDS = ("person", "place", "time")
AT_ONCE = 500
"""Most rows of one read."""


class EffectsWork:
    """Finds the complaints with a change or a transfer in the stream, and what followed in their rows."""

    def __init__(self, store: Store, publisher: Publisher, satisfied_from: int) -> None:
        self._store = store
        self._publisher = publisher
        self._satisfied_from = satisfied_from

    async def __call__(self, _: ChangeEffectsQuery) -> ChangeEffects:
        changed = [(row.state, row.followup) for row in await self._rows(Changed.NAME)]
        passed = [row.state for row in await self._rows(Transferred.NAME, HandedOver.NAME)]
        return ChangeEffects(
            effects=effects(changed, self._satisfied_from),
            transfers=transfers(passed, await self._store.number()),
        )

    async def _rows(self, *facts: str) -> list[CaseRow]:
        """Rows of all complaints with one of these facts, each once."""
        found, rows = dict[str, None](), list[CaseRow]()
        for name in facts:
            async for page in pages(self._publisher.client, subjects.event(name, "*")):
                found |= dict.fromkeys(str(one["data"]["complaint_id"]) for one in page)
        wanted = list(found)
        for first in range(0, len(wanted), AT_ONCE):
            rows += await self._store.cases(wanted[first : first + AT_ONCE])
        return rows


def transfers(states: Iterable[State], complaints: int) -> TransferFigures:
    """Figures of the transfers in these stored states, among so many complaints."""
    by_stage = Counter[str]()
    for state in states:
        by_stage.update(state.get("transfers", {}))
    total = by_stage.total()
    return TransferFigures(
        total=total,
        complaints=complaints,
        by_stage=dict(by_stage),
        per_complaint=round(total / complaints, 4) if complaints else None,
        per_complaint_by_stage={
            stage: round(count / complaints, 4) for stage, count in by_stage.items() if complaints
        },
    )


def effects(cases: Iterable[tuple[State, State]], satisfied_from: int) -> list[ChangeEffect]:
    """Figures of each kind of change, by the stored states of complaints and of their follow-ups."""
    found = {kind: ChangeEffect.model_validate({"what": kind}) for kind in KINDS}
    for state, followup in cases:
        verdict = followup.get("satisfaction_recorded") or {}
        for one in state.get("changes", []):
            effect, judged = found[one["what"]], verdict.get("cycle") == one["cycle"]
            effect.changes += 1
            effect.answered += one.get("next_answer") is not None
            effect.accepted += one.get("next_answer") == "accepted"
            effect.judged += judged
            effect.satisfied += judged and verdict["resolved"] and verdict["overall"] >= satisfied_from
    return list(found.values())
