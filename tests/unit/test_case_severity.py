"""Severity is scored by the pack's table: the same complaint under the same table, the same score."""

from typing import Any

import pytest

from services.routing.triage import triage
from shared.contract.events import Triaged
from tests.unit.cases import policy, received


def _triaged(
    loss: str | None = None,
    *,
    currency: str = "CNY",
    styles: tuple[str, ...] = (),
    hint: int | None = None,
    safety: bool = False,
    danger: bool = False,
    vip: bool = False,
) -> Triaged:
    said: dict[str, Any] = {
        "loss": {"value": loss, "currency": currency} if loss else None,
        "signals": {"styles": list(styles), "safety": danger},
        "hints": {"severity": hint},
        "safety": safety,
        "vip": vip,
    }
    return triage(received(**said), policy().pack)


CASES: list[tuple[dict[str, Any], int]] = [
    # nothing but the base
    ({}, 2),
    ({"styles": ("prepared",)}, 2),
    ({"styles": ("repetitive",)}, 2),
    ({"styles": ("repetitive", "prepared")}, 2),
    # the loss: only its own step counts, from exactly its amount, in the steps of its currency
    ({"loss": "0"}, 2),
    ({"loss": "199.00"}, 2),
    ({"loss": "999.99"}, 2),
    ({"loss": "999.99"}, 2),
    ({"loss": "1000"}, 3),
    ({"loss": "1000.00", "currency": "USD"}, 3),
    ({"loss": "9999.99"}, 3),
    ({"loss": "10000"}, 4),
    ({"loss": "9999999999999"}, 4),
    ({"loss": "10000", "currency": "JPY"}, 2),
    ({"loss": "20000", "currency": "JPY"}, 3),
    ({"loss": "900", "currency": "GBP"}, 3),
    ({"loss": "1100", "currency": "GBP"}, 4),
    ({"loss": "900", "currency": "CNY"}, 2),
    # a currency that the table does not know: neither nothing nor the most
    ({"loss": "1", "currency": "KRW"}, 3),
    ({"loss": "9999999999999", "currency": "KRW"}, 3),
    ({"loss": "0", "currency": "KRW"}, 2),
    ({"loss": "1", "currency": "KRW", "hint": 4}, 4),
    # anger
    ({"styles": ("angry",)}, 3),
    ({"styles": ("angry", "angry")}, 3),
    ({"styles": ("angry", "prepared")}, 3),
    ({"styles": ("angry",), "loss": "500"}, 3),
    ({"styles": ("angry",), "loss": "1000"}, 4),
    ({"styles": ("angry",), "loss": "10000"}, 5),
    # the sender's hint raises, and never lowers
    ({"hint": 1}, 2),
    ({"hint": 2}, 2),
    ({"hint": 3}, 3),
    ({"hint": 4}, 4),
    ({"hint": 5}, 5),
    ({"hint": 1, "loss": "10000"}, 4),
    ({"hint": 3, "styles": ("angry",)}, 3),
    ({"hint": 4, "styles": ("angry",), "loss": "1000"}, 4),
    ({"hint": 5, "styles": ("angry",), "loss": "10000"}, 5),
    # danger, said or found in the words, is the gravest, whatever else is known
    ({"safety": True}, 5),
    ({"danger": True}, 5),
    ({"safety": True, "danger": True, "hint": 1}, 5),
    ({"safety": True, "loss": "10000", "styles": ("angry",)}, 5),
    # a VIP mark is no input
    ({"vip": True}, 2),
    ({"vip": True, "loss": "1000"}, 3),
    ({"vip": True, "hint": 1, "styles": ("angry",)}, 3),
]


@pytest.mark.parametrize(("said", "severity"), CASES)
def test_severity_is_scored_by_the_table(said: dict[str, Any], severity: int) -> None:
    assert _triaged(**said).severity == severity


@pytest.mark.parametrize(
    ("loss", "others", "severity"),
    [
        (("7.00", "JPY"), [("900.00", "CNY"), ("1000.00", "USD")], 3),
        (("900.00", "CNY"), [("1100", "GBP")], 4),
        (("10000", "CNY"), [("1", "USD")], 4),
        (None, [("10000", "CNY")], 4),
        (("1", "CNY"), [("1", "KRW")], 3),
    ],
)
def test_losses_in_other_currencies_are_weighed_too(
    loss: tuple[str, str] | None, others: list[tuple[str, str]], severity: int
) -> None:
    first, *rest = [one and {"value": one[0], "currency": one[1]} for one in (loss, *others)]
    assert triage(received(loss=first, losses=rest), policy().pack).severity == severity


@pytest.mark.parametrize(("said", "severity"), CASES)
def test_the_points_that_counted_are_stored_and_add_up(said: dict[str, Any], severity: int) -> None:
    score = _triaged(**said).severity_score
    assert score.table == policy().pack.severity.id
    assert score.points["base"] == policy().pack.severity.base
    assert max(1, min(5, sum(score.points.values()))) == severity


def test_the_same_complaint_scores_the_same_again() -> None:
    said: dict[str, Any] = {"loss": "1200", "styles": ("angry",), "hint": 2}
    assert _triaged(**said) == _triaged(**said)


def test_a_vip_mark_changes_nothing_in_the_triage() -> None:
    assert _triaged("1000", vip=True) == _triaged("1000", vip=False)


def test_another_table_scores_otherwise() -> None:
    table = policy().pack.severity.model_copy(update={"id": "harsh", "base": 4, "hint_counts": False})
    pack = policy().pack.model_copy(update={"severity": table})
    found = triage(received(hints={"severity": 5}), pack)
    assert (found.severity, found.severity_score.table) == (4, "harsh")
