"""Citations resolve: numbers of `docs/sources.md` have an entry, and documents exist."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "docs" / "sources.md"
READ = {".py", ".yaml", ".md", ".toml", ".html", ".css", ".js", ".mjs", ".mako"}

ENTRY = re.compile(r"^- \*\*([FPU]?\d+)\*\* ", re.MULTILINE)
CITATION = re.compile(r"sources\.md`? ((?:[FPU]?\d+(?:,\s| to )?)+)")
DOCUMENT = re.compile(r"(?<![\w/.{}-])((?:\.{1,2}/)?(?:[\w-]+/)*[\w-]+\.md)\b")
OLD_NAMES = re.compile(r"\b(?:issue \d+|(?:concepts|peers|features) \d+|\(U\d+\))")


def tracked() -> list[Path]:
    """Files of the repository that people read or write, this test left out."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.suffix in READ and file != Path(__file__) and file.exists()]


def entries() -> list[str]:
    """Numbers of the entries, in their order on the page."""
    return ENTRY.findall(SOURCES.read_text(encoding="utf-8"))


def numbers(citation: str) -> list[str]:
    """Numbers that `53, 57 to 59, P4 to P6` names."""
    found: list[str] = []
    for first, last in re.findall(r"([FPU]?\d+)(?: to ([FPU]?\d+))?", citation):
        kind = first.rstrip("0123456789")
        until = int((last or first).removeprefix(kind))
        found += [f"{kind}{number}" for number in range(int(first.removeprefix(kind)), until + 1)]
    return found


def in_files(pattern: re.Pattern[str]) -> list[tuple[Path, str]]:
    """Matches in all files, each as its file and its first group, or all of it."""
    return [
        (file, match.group(match.re.groups and 1))
        for file in tracked()
        for match in pattern.finditer(file.read_text(encoding="utf-8"))
    ]


def test_the_sources_number_every_idea_and_every_fault_once_and_in_order() -> None:
    found = entries()
    assert found[:125] == [str(number) for number in range(1, 126)]
    assert [one for one in found if one[0] == "P"] == [f"P{number}" for number in range(1, 49)]
    assert len(found) == len(set(found))


def test_every_fault_of_another_product_names_its_thread() -> None:
    lines = [line for line in SOURCES.read_text(encoding="utf-8").splitlines() if line.startswith("- **P")]
    assert all(
        re.search(r"Threads?: .*\]\(https://github\.com/[^)]+/(?:issues|pull)/\d+\)", line) for line in lines
    )


def test_every_citation_of_a_source_has_an_entry() -> None:
    known = set(entries())
    cited = [(file, number) for file, citation in in_files(CITATION) for number in numbers(citation)]
    assert len(cited) > 100
    assert [f"{file}: {number}" for file, number in cited if number not in known] == []


def test_every_citation_of_a_source_has_a_number() -> None:
    bare = re.compile(r"`sources\.md`(?! [FPU]?\d)")
    assert [str(file) for file, _ in in_files(bare)] == []


def test_every_document_that_is_cited_is_in_the_repository() -> None:
    missing = [
        f"{file.relative_to(ROOT)}: {name}"
        for file, name in in_files(DOCUMENT)
        if not any(
            (place / name).exists() for place in (ROOT, ROOT / "docs", ROOT / "docs/contract", file.parent)
        )
    ]
    assert missing == []


def test_no_citation_has_a_form_of_its_own() -> None:
    assert [f"{file}: {found}" for file, found in in_files(OLD_NAMES)] == []


@pytest.mark.parametrize(
    ("citation", "named"),
    [("64", ["64"]), ("53, 57 to 59", ["53", "57", "58", "59"]), ("P4 to P6, F8", ["P4", "P5", "P6", "F8"])],
)
def test_a_citation_names_each_number_of_a_range(citation: str, named: list[str]) -> None:
    assert numbers(citation) == named
