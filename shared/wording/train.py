"""`make train-wording`: makes the model of the wording gate anew from the labelled sentences.

    python -m shared.wording.train [--corpus DIR] [--concepts FILE] [--out FILE]

The same corpus gives the same file.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random

import yaml

from shared.contract.wording import WordingKind
from shared.policy import classifiers
from shared.triage.concepts import Concepts
from shared.triage.learning import Lesson, kept, model_lines, row_of
from shared.triage.logistic import Row
from shared.wording.corpus import HERE, LabelledSentence, corpus
from shared.wording.marking import page_of
from shared.wording.model import FAULTY
from shared.wording.reading import parts

CONCEPTS = Path(__file__).parent / "concepts.yaml"
MODEL = classifiers.HERE / "wording-2026.tsv"

COST = 1.0

PAIRS = 600
"""Number of texts of two sentences that are made of the corpus: a reply has several sentences."""

NEEDS_ALL = frozenset({WordingKind.UNDATED_PROMISE, WordingKind.REFUSES_WITHOUT_REASON})
"""Kinds of faults that a neighbouring sentence takes away, so that no pair is made of them."""


def trained(texts: Sequence[LabelledSentence], groups: Mapping[str, Sequence[str]]) -> list[str]:
    """Lines of the model that these sentences make."""
    every = [*texts, *pairs(texts)]
    concepts = Concepts(groups)
    found = [parts(concepts, page_of(one.text)) for one in every]
    known = kept(found)
    number = {part: at for at, part in enumerate(known)}
    rows = [row_of(one, number) for one in found]
    title = f"made by `make train-wording` of {len(texts)} sentences\t{fingerprint(texts, groups)}"
    return model_lines(title, groups, known, _lessons(every, rows))


def pairs(texts: Sequence[LabelledSentence]) -> list[LabelledSentence]:
    """Texts of two sentences: a third of them with a fault."""
    draw = Random(1)
    clean = [one for one in texts if not one.faulty]
    faulty = [one for one in texts if one.faulty and one.label not in NEEDS_ALL]
    if not clean or not faulty:
        return []
    made = list[LabelledSentence]()
    for at in range(PAIRS):
        first, second = draw.choice(clean), draw.choice(clean if at % 3 else faulty)
        if first.text.isascii() == second.text.isascii():
            both = [first.text, second.text] if draw.random() < 0.5 else [second.text, first.text]
            made.append(LabelledSentence(second.label, " ".join(both)))
    return made


def _lessons(texts: Sequence[LabelledSentence], rows: Sequence[Row]) -> Iterator[Lesson]:
    yield Lesson(FAULTY, rows, [one.faulty for one in texts], COST)
    for kind in WordingKind:
        yield Lesson(kind, rows, [one.label == kind for one in texts], COST)


def fingerprint(texts: Sequence[LabelledSentence], groups: Mapping[str, Sequence[str]]) -> str:
    """SHA-256 of all that a model is made of: sentences, labels and groups of words."""
    words = sorted((name, list(own)) for name, own in groups.items())
    return sha256(repr(([tuple(one) for one in texts], words)).encode()).hexdigest()


def ingredients(
    directory: Path = HERE, concepts: Path = CONCEPTS
) -> tuple[list[LabelledSentence], dict[str, list[str]]]:
    """Sentences to train on, and the groups of words."""
    groups: dict[str, list[str]] = yaml.safe_load(concepts.read_text(encoding="utf-8"))
    return corpus(directory), groups


def main() -> None:
    """Train, and write the file."""
    arguments = argparse.ArgumentParser(prog="make train-wording", description=__doc__)
    arguments.add_argument("--corpus", type=Path, default=HERE)
    arguments.add_argument("--concepts", type=Path, default=CONCEPTS)
    arguments.add_argument("--out", type=Path, default=MODEL)
    given = arguments.parse_args()
    texts, groups = ingredients(given.corpus, given.concepts)
    lines = trained(texts, groups)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{given.out}: {len(lines)} lines, of {len(texts)} sentences")


if __name__ == "__main__":
    main()
