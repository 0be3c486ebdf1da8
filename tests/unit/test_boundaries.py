"""No command that the contract accepts makes a rule raise: the whole complaint would stop there.

Every verb gets the extremes of every field, at each step of a complaint, also one of the year 2000.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from pydantic import ValidationError

from services.routing.case import Case
from services.routing.rules.state import CaseState
from services.routing.rules.verbs import VERBS
from shared.contract.orders import Order
from shared.contract.values import CUSTOMER
from shared.contract.who import Who
from tests.unit.cases import Playing, actor, play, roster

EXTREMES: list[Any] = [
    *("2000-01-01T00:00:00Z", "2199-12-31T23:59:59Z", "2026-11-23T02:00:00Z", "2035-06-01T00:00:00+14:00"),
    *(0, 1, 5, 6, -1, 10**9, 10**30, 0.0, 1.0, True, False, "", "a", "customer", "agent-2", "nobody"),
    {"value": "0", "currency": "CNY"},
    {"value": "999999999999.99", "currency": "CNY"},
    {"value": "0.01", "currency": "JPY"},
    {"value": "1", "currency": "XXX"},
    *([], ["a"], ["after-sales-7"], ["offer-1", "response", "action-1"]),
]
USUAL: dict[str, Any] = {
    "text": "t", "reason": "r", "kind": "plan", "cause": "c", "cause_side": "defect", "liability": "company",
    "party": "customer", "interest": "money", "confirmed": True, "option_id": "some", "offer_id": "offer-1",
    "standards": ["after-sales-7"], "answer": "accepted", "request_id": "request-1", "approved": True,
    "action_id": "action-1", "evidence": "e", "decision": "rejected", "recourse": "12315", "to": "agent-2",
    "items": ["response"], "what": "time", "obligation": "resolution", "until": "2026-12-24T02:00:00Z",
    "received_at": "2026-11-20T02:00:00Z", "trigger": 3, "unit": "price-care", "task_id": "task-1",
    "options": [{"option_id": "a", "remedy": "apology"}, {"option_id": "b", "remedy": "repair"}],
}  # fmt: skip

DECIDED = [name for name, row in VERBS.items() if row.rule and name != "migrate_policy"]

STEPS: dict[str, Callable[[], Playing]] = {
    "opened": play,
    "of the year 2000": lambda: play(received_at=datetime(2000, 1, 1, tzinfo=UTC)),
    "ready to offer": lambda: play().ready_to_offer(),
    "offered": lambda: _offered(),
    "agreed": lambda: play().ready_to_offer().agreed(),
    "resolved": lambda: play().ready_to_offer().resolved(),
}


def _offered() -> Playing:
    playing = play().ready_to_offer()
    playing.offered()
    return playing


def variants(verb: str) -> Iterator[dict[str, Any]]:
    """Data of the verb with one field at a time at an extreme, as far as the contract accepts it."""
    model = VERBS[verb].command
    usual = {name: USUAL[name] for name in model.model_fields if name in USUAL}
    yield usual
    for name in model.model_fields:
        for extreme in EXTREMES:
            data = usual | {name: extreme}
            try:
                model.model_validate(data)
            except ValidationError:
                continue
            yield data


@cache
def state_at(step: str) -> tuple[str, datetime]:
    """State of a complaint at this step, and its present instant."""
    playing = STEPS[step]()
    return playing.case.state.model_dump_json(), playing.now


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "verb", [name for name, row in VERBS.items() if row.rule and name != "migrate_policy"]
)
def test_no_extreme_value_makes_a_rule_raise(verb: str, step: str) -> None:
    stored, now = state_at(step)
    for number, data in enumerate(variants(verb)):
        case = Case(CaseState.model_validate_json(stored))
        who = CUSTOMER if Who.COMPLAINANT in VERBS[verb].may and number % 2 else case.state.owner
        named = roster().get(str(data.get("to")))
        case.decide(
            Order(
                command_id="c",
                verb=verb,
                actor=actor(who),
                data=data,
                named={"id": named.id, "role": named.role, "team": named.team} if named else {},
            ),
            now,
        )
        case.look_at_clock(now + timedelta(days=40))
        assert case.next_due is None or case.next_due.year < 2200
