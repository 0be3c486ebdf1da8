"""What a pack may say is read by some code, and each error code is raised by some: else it is a promise."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from shared.contract.errors import ErrorCode
from shared.contract.values import Style
from shared.policy.loader import load_policy
from shared.policy.models import Pack, Regime
from shared.policy.problems import inner

ROOT = Path(__file__).parents[2]
SOURCES = [path for root in ("services", "shared") for path in (ROOT / root).rglob("*.py")]

NOT_YET = {ErrorCode.WORDING, ErrorCode.STALE_POSITION}
"""Named by the contract, raised by nothing yet."""

TOLD_ELSEWHERE = {"Standard.source", "Regime.source", "Pack.version", "Regime.title", "Team.title"} | {
    "Remedy.answers",
    "Pack.extends",
}
"""Fields for people, which queries pass on with the entry; `extends` is read before there is a model."""


def _models(kind: object, seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """The model in a type, and every model in its fields."""
    kind = inner(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if kind not in seen and kind.__module__.startswith("shared.policy"):
            seen.add(kind)
            yield kind
            for field in kind.model_fields.values():
                yield from _models(field.annotation, seen)
        return
    for one in get_args(kind):
        yield from _models(one, seen)


def _read() -> set[str]:
    """Every name that is read of something, in code that runs."""
    found: set[str] = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                found.add(node.attr)
    return found


def test_each_field_of_a_pack_is_read_by_some_code() -> None:
    seen: set[type[BaseModel]] = set()
    read = _read()
    fields = {
        f"{model.__name__}.{name}": name
        for root in (Pack, Regime)
        for model in _models(root, seen)
        for name in model.model_fields
    }
    assert len(fields) > 60
    dead = {full for full, name in fields.items() if name not in read} - TOLD_ELSEWHERE
    assert dead == set()


def test_each_error_code_is_raised_by_some_code_but_for_the_two_that_the_contract_names_ahead() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES if path.name != "errors.py")
    raised = {one for one in ErrorCode if re.search(rf"ErrorCode\.{one.name}\b", code)}
    assert set(ErrorCode) - raised == NOT_YET


@pytest.mark.parametrize("style", Style)
def test_each_style_has_words_that_point_to_it(style: Style) -> None:
    assert load_policy("default").pack.lexicon.styles[style]
