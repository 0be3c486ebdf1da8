"""`make train`: makes the model file anew from the labelled corpus and the groups of words.

    python -m shared.triage.train [--corpus DIR] [--concepts FILE] [--out FILE]

Texts that are held out are not read. The same corpus gives the same file.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import yaml

from shared.triage import corpus as labelled
from shared.triage.concepts import Concepts
from shared.triage.corpus import CATEGORIES, MOTIVES, Labelled
from shared.triage.learning import Lesson, kept, model_lines, row_of
from shared.triage.logistic import Row
from shared.triage.model import parts
from shared.triage.reading import page_of, sentences

HERE = Path(__file__).parent
CONCEPTS = HERE / "concepts.yaml"
MODEL = HERE.parent / "policy" / "classifiers" / "complaints-2026.tsv"

COST, COST_OF_CATEGORY = 1.0, 3.0
DANGER = "danger"

Label = Callable[[Labelled], bool | None]
"""Right answer to a question about a text; None for a text that was not labelled for this question."""

Asked = tuple[str, Label, float]


def questions() -> list[Asked]:
    """Questions that the model learns to answer: name, label, and the cost of a mistake."""
    about = [(name, _is_about(name), COST_OF_CATEGORY) for name in CATEGORIES.values()]
    moved = [(name, _moved_by(name), COST) for name in MOTIVES.values()]
    return [
        *about,
        *moved,
        ("angry", lambda one: one.agitated, COST),
        (DANGER, lambda one: one.danger, COST),
        ("grave", lambda one: not one.danger and min(one.severities) >= 3, COST),
        ("very_grave", lambda one: not one.danger and max(one.severities) >= 4, COST),
    ]


def _is_about(name: str) -> Label:
    return lambda one: one.category == name if one.category else None


def _moved_by(name: str) -> Label:
    return lambda one: None if one.motives is None else name in one.motives


def trained(texts: Sequence[Labelled], groups: Mapping[str, Sequence[str]]) -> list[str]:
    """Lines of the model that these texts make."""
    concepts = Concepts(groups)
    found = [parts(concepts, page_of(one.text)) for one in texts]
    known = kept(found)
    number = {part: at for at, part in enumerate(known)}
    rows = [row_of(one, number) for one in found]
    harmless = [row_of(one, number) for one in _harmless_pieces(texts, concepts)]
    title = f"made by `make train` of {len(texts)} texts\t{fingerprint(texts, groups)}"
    return model_lines(title, groups, known, _lessons(texts, rows, harmless))


def _lessons(texts: Sequence[Labelled], rows: Sequence[Row], harmless: Sequence[Row]) -> Iterator[Lesson]:
    for name, label, cost in questions():
        even = name in CATEGORIES.values()
        answers = ((row, label(one)) for row, one in zip(rows, texts, strict=True))
        asked = [(row, answer) for row, answer in answers if answer is not None]
        asked += [(row, False) for row in harmless] if name == DANGER else []
        yield Lesson(name, [row for row, _ in asked], [answer for _, answer in asked], cost, even)


def _harmless_pieces(texts: Sequence[Labelled], concepts: Concepts) -> list[dict[str, float]]:
    """Pieces of long harmless texts: `answers_and_worst` asks about each alone, and none is a danger."""
    pages = (page_of(one.text) for one in texts if not one.danger)
    return [parts(concepts, piece) for page in pages for piece in sentences(page)]


def fingerprint(texts: Sequence[Labelled], groups: Mapping[str, Sequence[str]]) -> str:
    """SHA-256 of all that a model is made of: texts, labels and groups of words."""
    labels = [
        (one.category, one.motives and sorted(one.motives), one.severities, one.agitated, one.danger)
        for one in texts
    ]
    words = sorted((name, list(own)) for name, own in groups.items())
    return sha256(repr(([one.text for one in texts], labels, words)).encode()).hexdigest()


def ingredients(directory: Path, concepts: Path) -> tuple[list[Labelled], dict[str, list[str]]]:
    """Texts to train on, and the groups of words."""
    groups: dict[str, list[str]] = yaml.safe_load(concepts.read_text(encoding="utf-8"))
    return [one for one in labelled.corpus(directory) if one.part == "train"], groups


def main() -> None:
    """Train, and write the file."""
    arguments = argparse.ArgumentParser(prog="make train", description=__doc__)
    arguments.add_argument("--corpus", type=Path, default=labelled.HERE)
    arguments.add_argument("--concepts", type=Path, default=CONCEPTS)
    arguments.add_argument("--out", type=Path, default=MODEL)
    given = arguments.parse_args()
    texts, groups = ingredients(given.corpus, given.concepts)
    lines = trained(texts, groups)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{given.out}: {len(lines)} lines, of {len(texts)} texts")


if __name__ == "__main__":
    main()
