"""What a pack may say is read by some code, and each error code is raised by some: else it is a promise."""

import ast
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel
from rich.console import Console

from services.console.display.policy_check import as_document, summary
from shared.contract.errors import ErrorCode
from shared.contract.queries import PolicyView
from shared.contract.values import Style
from shared.policy.loader import load_policy
from shared.policy.models import Pack
from shared.policy.obligation import Regime
from shared.policy.people import Names
from shared.policy.problems import inner

ROOT = Path(__file__).parents[2]
SOURCES = [path for root in ("services", "shared") for path in (ROOT / root).rglob("*.py")]


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
    assert {full for full, name in fields.items() if name not in read} == set()


def test_fields_of_a_pack_for_people_alone_are_shown_by_its_check() -> None:
    policy = load_policy("uk-psd")
    printed = io.StringIO()
    Console(width=400, file=printed).print(summary(policy, datetime.now(UTC)))
    shown = printed.getvalue()
    told = [policy.pack.version, str(policy.pack.extends)]
    for regime in policy.regimes:
        told += [regime.version, regime.source, regime.title[policy.pack.language]]
    assert policy.regimes
    assert [words for words in told if words not in shown] == []
    document = as_document(policy, datetime.now(UTC))
    assert (document["policy"]["version"], document["extends"]) == (policy.pack.version, "uk-disp")


def test_clients_see_the_sources_of_standards_and_a_unit_is_known_by_its_title() -> None:
    pack = load_policy("default").pack
    schema = PolicyView.model_json_schema()["properties"]
    assert "source" in schema["standards"]["items"]["required"]
    for team in pack.teams:
        assert {Names(pack).known(title) for title in team.title.values()} == {team.id}


def test_each_error_code_is_raised_by_some_code() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES if path.name != "errors.py")
    raised = {one for one in ErrorCode if re.search(rf"ErrorCode\.{one.name}\b", code)}
    assert set(ErrorCode) == raised


@pytest.mark.parametrize("style", [one for one in Style if one is not Style.RETICENT])
def test_each_style_that_words_can_show_has_words_that_point_to_it(style: Style) -> None:
    assert load_policy("default").pack.lexicon.styles[style]
