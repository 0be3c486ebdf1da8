"""Each of the eight rules has its place in the code and a test that shows it (docs/eight-rules.md)."""

import re
from importlib import import_module
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs/eight-rules.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if re.match(r"\| \d+ \|", line)]


def test_all_eight_have_a_row() -> None:
    assert [int(row.split("|")[1]) for row in ROWS] == list(range(64, 72))
    assert "definitions here are our own" in PAGE


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[2].split(",")[0].strip())
def test_a_rule_is_where_the_page_names_it(row: str) -> None:
    named = re.findall(r"`([a-z_.0-9]+)`", row)
    assert len(named) == 2, row
    for name in named:
        module, _, function = name.rpartition(".")
        assert callable(getattr(import_module(module), function)), name
    assert named[1].rpartition(".")[2].startswith("test_")
