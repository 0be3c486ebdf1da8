"""Query `change_effects`: what followed each change of person, place or time (`sources.md` 65)."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.routing.store import Store
from services.routing.tables import CaseRow
from shared.contract import subjects
from shared.contract.events import Changed
from shared.contract.queries import ChangeEffect, ChangeEffects, ChangeEffectsQuery
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.timeline import pages

State = Mapping[str, Any]

KINDS = ("person", "place", "time")
AT_ONCE = 500
"""Most rows of one read."""


class EffectsWork:
    """Finds the complaints with a change in the stream, and what followed in their rows."""

    def __init__(self, store: Store, publisher: Publisher, satisfied_from: int) -> None:
        self._store = store
        self._publisher = publisher
        self._satisfied_from = satisfied_from

    async def __call__(self, _: ChangeEffectsQuery) -> ChangeEffects:
        changed = dict[str, None]()
        async for page in pages(self._publisher.client, subjects.event(Changed.NAME, "*")):
            changed |= dict.fromkeys(str(one["data"]["complaint_id"]) for one in page)
        wanted, rows = list(changed), list[CaseRow]()
        for first in range(0, len(wanted), AT_ONCE):
            rows += await self._store.cases(wanted[first : first + AT_ONCE])
        known = [(row.state, row.followup) for row in rows]
        return ChangeEffects(effects=effects(known, self._satisfied_from))


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
