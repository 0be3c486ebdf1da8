"""The catalogues of refusals: every sentence is there in two languages, is used and is filled as it asks."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest

from shared.contract.errors import MESSAGES, ErrorCode, RefusalText, refuse
from shared.contract.values.problems import Words

ROOT = Path(__file__).parents[2]
CHINESE = re.compile("[\u4e00-\u9fff\uff00-\uffef]")
"""Letters, or the signs that only Chinese sentences have."""


def sources() -> Iterator[tuple[Path, ast.Module]]:
    """The code of services and shared that refuses anything."""
    for path in sorted([*ROOT.glob("services/**/*.py"), *ROOT.glob("shared/**/*.py")]):
        code = path.read_text(encoding="utf-8")
        if "refus" in code or "misfit" in code or "RefusalText" in code:
            yield path, ast.parse(code)


SOURCES = list(sources())
CATALOGUES = [path for path, _ in SOURCES if path.name in ("refusals.py", "misfits.py")]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def entries(module: ModuleType) -> Iterator[tuple[str, RefusalText | Words]]:
    """Every entry with its key; one of a table has the key of the table."""
    for key, value in vars(module).items():
        for entry in value.values() if isinstance(value, dict) and key.isupper() else [value]:
            if isinstance(entry, RefusalText | Words):
                yield key, entry


ENTRIES = [
    (f"{module_of(path)}.{key}", entry)
    for path in CATALOGUES
    for key, entry in entries(import_module(module_of(path)))
]
KEYS = {name for name, _ in ENTRIES}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@dataclass(frozen=True)
class Naming:
    """A place in the code that names an entry of a catalogue, and what it fills in, if it fills it."""

    entry: str
    place: str
    given: frozenset[str] | None


def namings() -> Iterator[Naming]:
    for path, tree in SOURCES:
        names = imported(tree)
        filled = {id(argument): given for call in calls(tree) for argument, given in what_is_filled(call)}
        for node in ast.walk(tree):
            if entry := named(node, names):
                place = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
                yield Naming(entry, place, filled.get(id(node)))


def imported(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def named(node: ast.AST, names: dict[str, str]) -> str | None:
    """The entry that an expression names: `refusals.CLOSED`, or `CLOSED` where that was imported."""
    whole = ""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        whole = f"{names.get(node.value.id, '')}.{node.attr}"
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        whole = names.get(node.id, "")
    return whole if whole in KEYS else None


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def is_call_of(name: str, call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == name


def what_is_filled(call: ast.Call) -> Iterator[tuple[ast.expr, frozenset[str]]]:
    """The entries that `refuse(entry, …)` or `entry.filled(…)` fills, and with which placeholders."""
    given = {keyword.arg for keyword in call.keywords if keyword.arg} - {"allowed"}
    if is_call_of("refuse", call):
        chosen = [node for node in ast.walk(call.args[0]) if isinstance(node, ast.Attribute | ast.Name)]
        yield from ((node, frozenset(given | {"field"})) for node in chosen)
    elif isinstance(call.func, ast.Attribute) and call.func.attr == "filled":
        yield call.func.value, frozenset(given)


NAMINGS = list(namings())


def test_the_catalogues_and_the_places_that_use_them_are_found() -> None:
    assert len(CATALOGUES) >= 6, "a renamed catalogue must not empty the tests below"
    assert len(ENTRIES) > 120
    assert sum(naming.given is not None for naming in NAMINGS) > 120


def test_an_entry_says_the_same_in_both_languages() -> None:
    for key, entry in ENTRIES:
        assert placeholders(entry.en) == placeholders(entry.zh), key
        assert CHINESE.search(entry.zh), key
        assert not CHINESE.search(entry.en), key


def test_every_entry_is_used() -> None:
    assert sorted(KEYS - {naming.entry for naming in NAMINGS}) == []


def test_a_refusal_fills_exactly_what_its_sentence_has_a_place_for() -> None:
    for naming in NAMINGS:
        if naming.given is not None:
            wanted = {
                name for key, entry in ENTRIES if key == naming.entry for name in placeholders(entry.en)
            }
            assert wanted | {"field"} == naming.given | {"field"}, naming
            assert wanted <= naming.given, naming


def test_a_code_alone_fills_exactly_what_its_sentence_has_a_place_for() -> None:
    found = 0
    for path, tree in SOURCES:
        for call in calls(tree):
            if is_call_of("refuse", call) and ast.unparse(call.args[0]).startswith("ErrorCode."):
                found += 1
                code = ErrorCode[ast.unparse(call.args[0]).removeprefix("ErrorCode.")]
                given = {keyword.arg for keyword in call.keywords} - {"field", "allowed"}
                assert given == placeholders(MESSAGES[code].en), f"{path}:{call.lineno}"
    assert found > 30


def test_sentences_of_refusals_stand_in_catalogues_only() -> None:
    for path, tree in SOURCES:
        if path not in CATALOGUES:
            made = [call for call in calls(tree) if is_call_of("RefusalText", call)]
            assert not made, f"{path}:{made[0].lineno}"


@pytest.mark.parametrize("code", MESSAGES)
def test_both_sentences_of_a_code_hold_its_detail_or_neither(code: ErrorCode) -> None:
    words = MESSAGES[code]
    assert placeholders(words.en) == placeholders(words.zh)
    said = refuse(code, detail=Words("english", "中文"), owner="agent-1")
    assert ("english" in said.message) == ("中文" in said.message_zh) == ("detail" in placeholders(words.en))
    assert "english" not in said.message_zh
    assert CHINESE.search(said.message_zh)
    assert "{" not in said.message + said.message_zh


def test_what_a_value_holds_is_never_taken_for_a_placeholder() -> None:
    said = refuse(ErrorCode.MALFORMED, detail="{owner} {0} {")
    assert "{owner} {0} {" in said.message
    assert "{owner} {0} {" in said.message_zh
