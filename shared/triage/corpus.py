"""Labelled texts that a model is trained on, and those that are held out to measure it.

`docs/classification.md` defines the labels, and how to label a text that could have several.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

HERE = Path(__file__).parent / "corpus"
HELD_OUT_LIST = "held_out.sha256"

CATEGORIES = {"P": "product", "S": "service", "R": "price", "O": "policy"}
NO_CATEGORY = {"-": ""}
"""Label of a text in the middle of a case, which is not labelled with a category."""

MOTIVES = {
    "rf": "refund", "cp": "compensation", "ap": "apology", "tm": "time", "vt": "venting",
    "rs": "respect", "un": "understanding", "sg": "suggestion", "rt": "retaliation",
}  # fmt: skip

NOT_JUDGED = "?"
"""Label of motives that were not judged, as in texts written for the question of danger alone."""

LABELS = re.compile(r"[PSRO-]\|")
HEADING = "= "
EVERY = 5
"""Interval of held-out texts in the later files: one text of so many is held out."""

Part = Literal["train", "held_out", "held_out_first", "held_out_last", "held_out_stranger"]


class BadLabels(ValueError):
    """Raised for a line of the corpus with unknown labels; the message names the place and the label."""


@dataclass(frozen=True)
class Labelled:
    """Text with the labels of a careful reader, who could agree with each of `severities`. Motives are None
    if they were not judged.
    """

    text: str
    category: str
    motives: frozenset[str] | None
    severities: range
    agitated: bool
    danger: bool
    part: Part


def corpus(directory: Path = HERE) -> list[Labelled]:
    """All labelled texts, in the order of their files."""
    listed = directory / HELD_OUT_LIST
    held = frozenset(listed.read_text(encoding="utf-8").split()) if listed.is_file() else frozenset()
    return [one for path in sorted(directory.glob("*.txt")) for one in _read(path, held)]


def _read(path: Path, held: frozenset[str]) -> Iterator[Labelled]:
    heading = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith(HEADING):
            heading = line.removeprefix(HEADING)
        elif line and not line.startswith("#"):
            labels, text = _apart(line, heading)
            try:
                yield _labelled(labels, text, _part(path.stem, text, held))
            except (KeyError, ValueError):
                raise BadLabels(f"{path.name}, line {number}: {labels!r} are no labels") from None


def _apart(line: str, heading: str) -> tuple[str, str]:
    """Labels and text of a line: its own labels, else those of the heading above it."""
    if not LABELS.match(line):
        return heading, line
    *labels, text = line.split("|", 5)
    return "|".join(labels), text


def _labelled(labels: str, text: str, part: Part) -> Labelled:
    category, motives, severities, agitated, danger = labels.split("|")
    least, _, most = severities.partition("-")
    return Labelled(
        text=text,
        category=(CATEGORIES | NO_CATEGORY)[category],
        motives=_motives(motives),
        severities=range(int(least), int(most or least) + 1),
        agitated={"A": True, ".": False}[agitated],
        danger={"D": True, ".": False}[danger],
        part=part,
    )


def _motives(labels: str) -> frozenset[str] | None:
    if labels == NOT_JUDGED:
        return None
    return frozenset(MOTIVES[one] for one in labels.split(",") if one != "-")


def _part(file: str, text: str, held: frozenset[str]) -> Part:
    """`held_…` files were written before any feature, `fresh_…` files before the features of danger were
    chosen anew, `stranger_…` files before the texts after them; of the others, a list and a rule hold some
    out.
    """
    if file.startswith("held_"):
        return "held_out_first"
    if file.startswith("fresh_"):
        return "held_out_last"
    if file.startswith("stranger_"):
        return "held_out_stranger"
    digest = sha256(text.encode()).hexdigest()
    by_rule = file.startswith("train_") and int(digest[:2], 16) % EVERY == 0
    return "held_out" if by_rule or digest[:16] in held else "train"
