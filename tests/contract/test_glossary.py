"""`docs/glossary.md` has every name of the contract, in order, in English and Chinese."""

import importlib
import pkgutil
import re
from enum import Enum
from pathlib import Path
from typing import NamedTuple

import pytest

import shared.contract
from services.console.display import wording
from shared.contract.commands.registry import COMMANDS
from shared.contract.events.registry import FACTS
from shared.contract.queries import QUERIES

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
ROW = re.compile(
    r"^\| (?P<term>[^|]+) \| (?P<kind>\w*) ?\| (?P<chinese>[^|]+) \| (?P<meaning>[^|]+) \|$", re.MULTILINE
)
HAN = re.compile(r"[\u4e00-\u9fff]")


class Entry(NamedTuple):
    """A row of the glossary."""

    term: str
    kind: str
    chinese: str
    meaning: str


def entries() -> list[Entry]:
    """Rows of the glossary, in their order, without the heading."""
    rows = ROW.findall(GLOSSARY.read_text(encoding="utf-8"))
    return [Entry(term.strip("`"), kind, chinese, meaning) for term, kind, chinese, meaning in rows[1:]]


def lists_of_codes() -> set[str]:
    """Names of all enumerations of the contract."""
    modules = pkgutil.walk_packages(shared.contract.__path__, "shared.contract.")
    found = [value for module in modules for value in vars(importlib.import_module(module.name)).values()]
    enums = [value for value in found if isinstance(value, type) and issubclass(value, Enum)]
    return {enum.__name__ for enum in enums if enum.__module__.startswith("shared.contract")}


@pytest.mark.parametrize(
    ("kind", "names"),
    [("fact", set(FACTS)), ("verb", set(COMMANDS)), ("query", set(QUERIES)), ("list", lists_of_codes())],
)
def test_the_glossary_has_exactly_the_names_of_the_contract(kind: str, names: set[str]) -> None:
    assert {entry.term for entry in entries() if entry.kind == kind} == names


def test_the_glossary_is_read_whole() -> None:
    lines = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    assert len(entries()) == len(lines) - 1 > 250
    assert {entry.kind for entry in entries()} == {"", "fact", "verb", "query", "list"}


def test_the_glossary_is_alphabetical_and_has_no_entry_twice() -> None:
    found = [(re.sub(r"[^a-z0-9]+", " ", entry.term.lower()).strip(), entry.kind) for entry in entries()]
    assert found == sorted(set(found))


def test_every_entry_has_chinese_and_one_line_of_english() -> None:
    lacking = [
        entry.term for entry in entries() if not HAN.search(entry.chinese) or not entry.meaning.endswith(".")
    ]
    assert lacking == []


def test_the_board_calls_facts_as_the_glossary_does() -> None:
    known = {entry.term: entry.chinese for entry in entries() if entry.kind == "fact"}
    assert {name: wording.FACTS[name][1] for name in FACTS} == known
