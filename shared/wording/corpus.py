"""Labelled sentences that the model of the wording gate is trained on.

`docs/wording.md` defines the labels.
"""

from pathlib import Path
from typing import NamedTuple

from shared.contract.wording import WordingKind

HERE = Path(__file__).parent / "corpus"
HEADING = "= "
CLEAN = "clean"
LABELS = frozenset({CLEAN, *WordingKind})


class BadLabel(ValueError):
    """Raised for a heading that is no label; the message names the place."""


class LabelledSentence(NamedTuple):
    """Text with its label: a kind of fault, or `clean`."""

    label: str
    text: str

    @property
    def faulty(self) -> bool:
        return self.label != CLEAN


def corpus(directory: Path = HERE) -> list[LabelledSentence]:
    """All labelled sentences, in the order of their files."""
    return [one for path in sorted(directory.glob("*.txt")) for one in read(path)]


def read(path: Path) -> list[LabelledSentence]:
    """Sentences of a file: each line has one, below the heading that is its label."""
    label, found = "", list[LabelledSentence]()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith(HEADING):
            label = line.removeprefix(HEADING).strip()
            if label not in LABELS:
                raise BadLabel(f"{path.name}, line {number}: {label!r} is no label")
        elif line and not line.startswith("#"):
            found.append(LabelledSentence(label, line))
    return found
