"""`make train`: makes the model file anew from the labelled corpus and the groups of words.

    python -m shared.triage.train [--corpus DIR] [--concepts FILE] [--out FILE]

Texts that are held out are not read. The same corpus gives the same file.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import yaml

from shared.triage import corpus as labelled
from shared.triage.concepts import Concepts
from shared.triage.corpus import CATEGORIES, MOTIVES, Labelled
from shared.triage.logistic import Row, curve, fitted
from shared.triage.model import BIAS, GROUP, HUNDREDTHS, KIND, QUESTION, parts
from shared.triage.reading import page_of, sentences

HERE = Path(__file__).parent
CONCEPTS = HERE / "concepts.yaml"
MODEL = HERE.parent / "policy" / "classifiers" / "complaints-2026.tsv"

SCALE = 6.0
"""Factor of the values of a text's parts: a larger factor makes large weights cheaper."""

COST, COST_OF_CATEGORY = 1.0, 3.0
AT_LEAST = 2
"""Least number of texts that have a part; a part in fewer texts is left out."""

FOLDS = 2
"""Number of parts into which the texts are split: a curve of probabilities is fitted to texts that were not
trained on.
"""

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
    count = Counter(part for one in found for part in one)
    kept = sorted(part for part, often in count.items() if often >= AT_LEAST)
    number = {part: at for at, part in enumerate(kept)}
    rows = [_row(one, number) for one in found]
    harmless = [_row(one, number) for one in _harmless_pieces(texts, concepts)]
    columns, curves = [], []
    for name, label, cost in questions():
        even = name in CATEGORIES.values()
        answers = ((row, label(one)) for row, one in zip(rows, texts, strict=True))
        asked = [(row, answer) for row, answer in answers if answer is not None]
        asked += [(row, False) for row in harmless] if name == DANGER else []
        own, yes = [row for row, _ in asked], [answer for _, answer in asked]
        columns.append(fitted(own, yes, _costs(yes, cost, even), len(kept) + 1))
        curves.append((name, *_curve(own, yes, cost, len(kept) + 1, even)))
    return [*_head(texts, groups, curves), *_weights([*kept, BIAS], columns)]


def _harmless_pieces(texts: Sequence[Labelled], concepts: Concepts) -> list[dict[str, float]]:
    """Pieces of long harmless texts: `answers_and_worst` asks about each alone, and none is a danger."""
    pages = (page_of(one.text) for one in texts if not one.danger)
    return [parts(concepts, piece) for page in pages for piece in sentences(page)]


def _row(found: Mapping[str, float], number: Mapping[str, int]) -> Row:
    known = [(number[part], much * SCALE) for part, much in sorted(found.items()) if part in number]
    return [*known, (len(number), 1.0)]


def _costs(yes: Sequence[bool], cost: float, even: bool) -> list[float]:
    """Costs of mistakes; with `even`, a rare category counts as much as a frequent one."""
    if not even:
        return [cost] * len(yes)
    share = sum(yes) / len(yes)
    return [cost / (2 * share) if one else cost / (2 * (1 - share)) for one in yes]


def _curve(
    rows: Sequence[Row], yes: Sequence[bool], cost: float, width: int, even: bool
) -> tuple[float, float]:
    scores = [0.0] * len(rows)
    for fold in range(FOLDS):
        own = [at for at in range(len(rows)) if at % FOLDS != fold]
        labels = [yes[at] for at in own]
        weights = fitted([rows[at] for at in own], labels, _costs(labels, cost, even), width)
        for at in range(fold, len(rows), FOLDS):
            scores[at] = sum(weights[part] * much for part, much in rows[at])
    return curve(scores, yes)


def _head(
    texts: Sequence[Labelled], groups: Mapping[str, Sequence[str]], curves: Iterable[tuple[str, float, float]]
) -> list[str]:
    head = [f"{KIND}\tmade by `make train` of {len(texts)} texts\t{fingerprint(texts, groups)}"]
    head += ["\t".join((GROUP, name, *entries)) for name, entries in groups.items()]
    return head + [f"{QUESTION}\t{name}\t{slope:.2f}\t{offset:.2f}" for name, slope, offset in curves]


def _weights(names: Sequence[str], columns: Sequence[Sequence[float]]) -> list[str]:
    lines = []
    for at, name in enumerate(names):
        scale = 1.0 if name == BIAS else SCALE
        row = [round(column[at] * scale * HUNDREDTHS) for column in columns]
        if any(row):
            lines.append(f"{name}\t{' '.join(map(str, row))}")
    return lines


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
