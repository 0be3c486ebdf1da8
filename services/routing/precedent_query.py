"""Answers of the query `precedent`, and the figures that an offer or a decision may cite."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from services.routing import refusals
from services.routing.precedents import citation, precedent
from services.routing.rules.decision import PRECEDENT
from services.routing.store import Store
from shared.contract.commands import CommandRequest
from shared.contract.errors import Refusal, refuse
from shared.contract.queries import Precedent, PrecedentMarks, PrecedentQuery
from shared.contract.values.numbers import is_currency
from shared.policy.models import Pack
from shared.runtime.messages.aliases import Aliases
from shared.runtime.texts.query import Conflict


class Precedents:
    """Figures of comparable closed complaints, from the tables."""

    def __init__(self, store: Store, aliases: Aliases, pack: Pack, conflict: Conflict) -> None:
        self._store = store
        self._aliases = aliases
        self._pack = pack
        self._conflict = conflict

    async def query(self, query: PrecedentQuery) -> Precedent | Refusal:
        """Figures for a complaint, or for the marks in the request."""
        marks = await self._of_complaint(query) if query.complaint_id else self._marks(query)
        return marks if isinstance(marks, Refusal) else await self.figures(marks)

    async def figures(self, marks: PrecedentMarks) -> Precedent:
        """Figures for these marks."""
        return await self._store.database.read(lambda session: precedent(session, marks))

    async def attach(self, request: CommandRequest) -> dict[str, Any] | None:
        """Figures for an offer or a decision that cites a precedent."""
        kinds = {one.id: one.kind for one in self._pack.standards}
        cited = request.data.get("standards") or []
        if not any(kinds.get(str(one)) == "precedent" for one in cited):
            return None
        row = await self._store.case(request.complaint_id)
        marks = _marks_in(row.state) if row else None
        return {PRECEDENT: citation(await self.figures(marks)) if marks else None}

    async def _of_complaint(self, query: PrecedentQuery) -> PrecedentMarks | Refusal:
        complaint_id = str(query.complaint_id)
        if query.actor and (why := await self._conflict(complaint_id, query.actor.id)):
            return why
        row = await self._store.case(complaint_id)
        if row is None:
            return await self._aliases.no_case(complaint_id)
        return _marks_in(row.state) or refuse(refusals.NOT_COMPARABLE)

    def _marks(self, query: PrecedentQuery) -> PrecedentMarks | Refusal:
        currency = query.currency or (str(query.loss.currency) if query.loss else None)
        if None in (query.category, query.cause_side, query.severity, currency):
            return refuse(refusals.NO_MARKS)
        if not is_currency(str(currency)) or (query.loss and query.loss.currency != currency):
            return refuse(refusals.NO_CURRENCY)
        band = self._band(str(currency), Decimal(query.loss.value)) if query.loss else None
        return PrecedentMarks.model_validate(
            {
                "category": query.category,
                "cause_side": query.cause_side,
                "severity": query.severity,
                "loss_from": band,
                "currency": currency,
            }
        )

    def _band(self, currency: str, loss: Decimal) -> str:
        steps = {str(code): own for code, own in self._pack.severity.loss_from.items()}.get(currency, {})
        return str(max((step for step in steps if step <= loss), default=Decimal(0)))


def _marks_in(state: Mapping[str, Any]) -> PrecedentMarks | None:
    marks = state["negotiation"].get("comparable")
    return PrecedentMarks.model_validate(marks) if marks else None
