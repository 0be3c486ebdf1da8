"""Three fairness scores of a complaint, each from 0 to 1 (`sources.md` 82 to 84). Pure.

Each score is the mean of its known parts; one without a known part is absent. The formulas are in
`docs/negotiation.md`. They count facts, so the order of equal facts changes nothing.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from shared.contract.queries import FairnessScores

State = Mapping[str, Any]

KEPT, LATE = ("met",), ("breached", "met_late")
INSIDE = ("approval-", "feedback-", "inform-", "mediation-", "signature-", "task-", "transfer-")
"""Beginnings of the names of clocks between our own people."""


def scores(state: State, followup: Mapping[str, Any]) -> FairnessScores:
    """Scores of a stored state with the newest facts of followup."""
    verdict = followup.get("satisfaction_recorded") or {}
    return FairnessScores(
        outcome=_mean([*_outcome(state), *_rated(verdict, "outcome")]),
        process=_mean([*_process(state), *_rated(verdict, "process")]),
        treatment=_mean([*_treatment(state), *_rated(verdict, "treatment")]),
    )


def _outcome(state: State) -> Iterator[float]:
    """Share of the loss that was agreed, and share of the agreed actions that were done."""
    granted, loss = granted_money(state), state.get("loss")
    if granted is not None and loss and Decimal(loss["value"]) > 0:
        yield float(min(Decimal(1), granted / Decimal(loss["value"])))
    if state["actions"]:
        yield sum(bool(one["done"]) for one in state["actions"]) / len(state["actions"])


def granted_money(state: State) -> Decimal | None:
    """Sum of the accepted amounts in the currency of the loss; absent without an accepted offer or a loss."""
    currency = (state.get("loss") or {}).get("currency")
    accepted = [one for one in state["negotiation"]["offers"] if one["status"] == "accepted"]
    if not accepted or currency is None:
        return None
    amounts = [one["amount"] for one in accepted if one.get("amount")]
    if any(one["currency"] != currency for one in amounts):
        return None
    return sum((Decimal(one["value"]) for one in amounts), Decimal())


def _process(state: State) -> Iterator[float]:
    """Share of the deadlines that were kept, and continuity: 1 divided by 1 plus the transfers."""
    yield from _share(state, lambda name: not name.startswith(("promise-", *INSIDE)))
    yield 1 / (1 + sum(state.get("transfers", {}).values()))


def _treatment(state: State) -> Iterator[float]:
    """Share of the kept promises, and whether an apology that was due was given."""
    yield from _share(state, lambda name: name.startswith("promise-"))
    if state.get("apology"):
        yield float(state["apology"]["given"])


def _share(state: State, chosen: Any) -> Iterator[float]:
    own = [one["status"] for one in state["obligations"] if chosen(one["obligation"])]
    kept, late = sum(one in KEPT for one in own), sum(one in LATE for one in own)
    if kept + late:
        yield kept / (kept + late)


def _rated(verdict: Mapping[str, Any], kind: str) -> Iterator[float]:
    """Rating of the complainant, 1 to 5, as 0 to 1."""
    rating = (verdict.get("fairness") or verdict).get(kind)
    if isinstance(rating, int):
        yield (rating - 1) / 4


def _mean(parts: list[float]) -> float | None:
    return round(sum(parts) / len(parts), 4) if parts else None
