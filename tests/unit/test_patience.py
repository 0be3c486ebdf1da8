"""Waits of tests have the limit of `tests/patience.py`: a shorter one is met on a fast machine only."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
SHORT = re.compile(r"asyncio\.timeout\(\s*[\d.]+\s*\)|wait_for\(.*,\s*[\d.]+\s*\)$")


def test_no_wait_for_a_server_has_a_limit_of_its_own() -> None:
    files = [file for part in ("integration", "e2e", "chaos") for file in (TESTS / part).glob("*.py")]
    assert len(files) > 50
    found = [
        f"{file.name}: {line.strip()}"
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if SHORT.search(line)
    ]
    assert found == []
