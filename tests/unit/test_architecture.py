"""The three services have the files that docs/architecture.md names, with the same meaning."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("intake", "routing", "followup")
ROW = re.compile(r"^\| ([^|]+) \| `([^`|]+)` \| `([^`|]+)` \| `([^`|]+)` \|$", re.MULTILINE)
ROWS = ROW.findall((ROOT / "docs/architecture.md").read_text(encoding="utf-8"))

OTHER_MEANING = {"__init__.py", "rates.py"}
"""Files of one name that are no row: packages, and limits of sources in intake beside rates of followup."""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_service_has_the_file_of_a_row(row: tuple[str, ...]) -> None:
    missing = [
        f"{service}/{file}"
        for service, file in zip(SERVICES, row[1:], strict=True)
        if not (ROOT / "services" / service / file).is_file()
    ]
    assert missing == []


def test_files_of_one_name_in_two_services_are_in_the_table() -> None:
    named = Counter(file.name for one in SERVICES for file in (ROOT / "services" / one).glob("*.py"))
    twice = {name for name, times in named.items() if times > 1}
    in_table = {file for row in ROWS for file in row[1:]}
    assert twice - in_table - OTHER_MEANING == set()
