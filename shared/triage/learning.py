"""Fit the questions of a linear model, and write its file: for any model of this form. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from shared.triage.logistic import Row, curve, fitted
from shared.triage.model import BIAS, GROUP, HUNDREDTHS, KIND, QUESTION

SCALE = 6.0
"""Factor of the values of a text's parts: a larger factor makes large weights cheaper."""

AT_LEAST = 2
"""Least number of texts that have a part; a part in fewer texts is left out."""

FOLDS = 2
"""Number of parts into which the texts are split: a curve of probabilities is fitted to texts that were not
trained on.
"""


class Lesson(NamedTuple):
    """Question, the rows that it is learned from, their answers, and the cost of a mistake.

    With `even`, the rarer answer counts as much as the other.
    """

    name: str
    rows: Sequence[Row]
    yes: Sequence[bool]
    cost: float
    even: bool = False

    def costs(self) -> list[float]:
        """Cost of a mistake in each row."""
        if not self.even:
            return [self.cost] * len(self.yes)
        share = sum(self.yes) / len(self.yes)
        return [self.cost / (2 * share) if one else self.cost / (2 * (1 - share)) for one in self.yes]

    def at(self, places: Sequence[int]) -> "Lesson":
        """Lesson with some of the rows."""
        rows, yes = [self.rows[at] for at in places], [self.yes[at] for at in places]
        return self._replace(rows=rows, yes=yes)


def kept(found: Iterable[Mapping[str, float]]) -> list[str]:
    """Parts that enough texts have, in order."""
    count = Counter(part for one in found for part in one)
    return sorted(part for part, often in count.items() if often >= AT_LEAST)


def row_of(found: Mapping[str, float], number: Mapping[str, int]) -> Row:
    """Known parts of a text by their numbers, and the constant after them."""
    known = [(number[part], much * SCALE) for part, much in sorted(found.items()) if part in number]
    return [*known, (len(number), 1.0)]


def model_lines(
    title: str, groups: Mapping[str, Sequence[str]], parts: Sequence[str], lessons: Iterable[Lesson]
) -> list[str]:
    """Lines of the file of the model that these lessons make."""
    width, columns, curves = len(parts) + 1, [], []
    for one in lessons:
        columns.append(fitted(one.rows, one.yes, one.costs(), width))
        curves.append((one.name, *_curve(one, width)))
    lines = [f"{KIND}\t{title}", *("\t".join((GROUP, name, *entries)) for name, entries in groups.items())]
    lines += [f"{QUESTION}\t{name}\t{slope:.2f}\t{offset:.2f}" for name, slope, offset in curves]
    return lines + _weights([*parts, BIAS], columns)


def _curve(lesson: Lesson, width: int) -> tuple[float, float]:
    scores = [0.0] * len(lesson.rows)
    for fold in range(FOLDS):
        own = lesson.at([at for at in range(len(scores)) if at % FOLDS != fold])
        weights = fitted(own.rows, own.yes, own.costs(), width)
        for at in range(fold, len(scores), FOLDS):
            scores[at] = sum(weights[part] * much for part, much in lesson.rows[at])
    return curve(scores, lesson.yes)


def _weights(names: Sequence[str], columns: Sequence[Sequence[float]]) -> list[str]:
    lines = []
    for at, name in enumerate(names):
        scale = 1.0 if name == BIAS else SCALE
        row = [round(column[at] * scale * HUNDREDTHS) for column in columns]
        if any(row):
            lines.append(f"{name}\t{' '.join(map(str, row))}")
    return lines
