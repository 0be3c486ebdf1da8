"""An amount means something in its own currency only: in messages, in policy, in every comparison."""

import ast
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.contract.values import Money
from shared.policy.loader import load_policy
from tests.unit.bad_packs import PackCopy

ROOT = Path(__file__).parents[2]
MAY_COMPARE = {"shared/contract/values/numbers.py", "services/intake/duplicates/judging.py"}
"""The type itself, and the one that asks for the same currency in the line before."""


def money(value: str, currency: str) -> Money:
    return Money.model_validate({"value": value, "currency": currency})


def test_amounts_compare_within_one_currency_only() -> None:
    assert money("1", "CNY").compared(money("2.00", "CNY")) == -1
    assert money("2", "CNY").compared(money("2.00", "CNY")) == 0
    assert money("3", "CNY").compared(money("2.00", "CNY")) == 1
    assert money("10000", "JPY").compared(money("1", "CNY")) is None


def test_a_limit_holds_in_its_currency_only() -> None:
    limits = {"CNY": Decimal(500)}
    assert [money(v, "CNY").within(limits) for v in ("500", "500.01")] == [True, False]
    assert money("1", "USD").within(limits) is None


@pytest.mark.parametrize(("value", "currency"), [("1.5", "JPY"), ("1.555", "CNY"), ("1.5555", "BHD")])
def test_more_decimals_than_the_currency_has_are_refused(value: str, currency: str) -> None:
    with pytest.raises(ValidationError, match="decimal places"):
        money(value, currency)


def test_nothing_compares_bare_amounts() -> None:
    """Outside of the type, no `<` or `>` stands beside an amount, and no `max` picks one."""
    found = set()
    for root in ("services", "shared", "deploy"):
        for path in (ROOT / root).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if _orders(node):
                    found.add(str(path.relative_to(ROOT)))
    assert found - MAY_COMPARE == set()


def _orders(node: ast.AST) -> bool:
    """Whether `node` asks which of two amounts is the larger."""
    if not isinstance(node, ast.Compare):
        return False
    ordering = any(isinstance(one, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for one in node.ops)
    return ordering and any(_is_amount(one) for one in (node.left, *node.comparators))


def _is_amount(one: ast.expr) -> bool:
    """`loss.amount`, also as a part of a sum; not where an amount is only looked for."""
    if isinstance(one, ast.BinOp):
        return _is_amount(one.left) or _is_amount(one.right)
    return isinstance(one, ast.Attribute) and one.attr == "amount"


BAD = [
    ("triage.yaml", 'CNY: {"1000": 1, "10000": 2}', '"1000": 1', "severity.loss_from.1000", "is no currency"),
    ("triage.yaml", 'CNY: {"1000": 1, "10000": 2}', "CNY: 1000", "severity.loss_from.CNY", "dictionary"),
    ("triage.yaml", 'JPY: {"20000": 1', 'JPY: {"0.5": 1', "severity.loss_from.JPY", "0 decimal places"),
    ("triage.yaml", '    AUD: {"210": 1, "2100": 2}\n', "", "authority.agent.AUD", "`severity.loss_from`"),
    ("people.yaml", 'agent: {CNY: "500"', 'agent: {CNY: "0.005"', "authority.agent.CNY", "2 decimal places"),
    ("people.yaml", 'agent: {CNY: "500"', 'agent: {YUAN: "500"', "authority.agent.YUAN", "currency"),
]


@pytest.mark.parametrize(("file", "old", "new", "field", "sentence"), BAD)
def test_a_threshold_without_a_currency_is_refused_with_its_place(
    tmp_path: Path, file: str, old: str, new: str, field: str, sentence: str
) -> None:
    problems = PackCopy(tmp_path).change(file, old, new).problems()
    wrong = [one for one in problems if one.field == field]
    assert any(sentence in one.sentence for one in wrong)
    assert all(one.line > 0 for one in wrong)


@pytest.mark.parametrize("pack", ["default", "uk-disp", "us-cfpb", "au-rg271", "cn-samr", "cn-12345"])
def test_each_pack_weighs_losses_in_the_currencies_in_which_it_pays(pack: str) -> None:
    found = load_policy(pack).pack
    for limits in found.authority.values():
        assert set(limits) <= set(found.severity.loss_from)
