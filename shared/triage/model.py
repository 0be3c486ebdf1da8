"""Linear model over the parts of a text: each part has a weight for each question, and people can read all
weights.

The file is text, one entry per line: the texts it was trained on, the groups of words, the questions with
the numbers that make probabilities of their sums, and the weights of each part in hundredths.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from pathlib import Path

from shared.triage.concepts import Concepts
from shared.triage.reading import is_shown, page_of, parts_of, sentences, spellings_of

HUNDREDTHS = 100
MOST_DECISIVE = 5
SPELLING = 0.6
"""Weight of all spellings of a text together; all its other parts together weigh 1."""

KIND, GROUP, QUESTION, BIAS = "#", "=", "?", "bias"


class BadModel(ValueError):
    """Raised if the file holds no model; the message is the reason."""


@dataclass(frozen=True)
class ModelQuestion:
    """Yes-or-no question that the model answers; `slope` and `offset` make a probability of its sum."""

    name: str
    slope: float
    offset: float

    def probability(self, score: float) -> float:
        """Probability of the answer yes, 0 to 1."""
        return 1 / (1 + exp(-max(-30.0, min(30.0, self.slope * score + self.offset))))


@dataclass(frozen=True)
class ModelAnswers:
    """ModelAnswers of the model about one text: a probability for each question."""

    of: dict[str, float]

    def __getitem__(self, question: str) -> float:
        return self.of[question]


class Model:
    """Weights, made ready to be asked."""

    def __init__(
        self,
        concepts: Concepts,
        questions: Sequence[ModelQuestion],
        weights: dict[str, tuple[int, ...]],
        read: "Reader",
    ) -> None:
        self._concepts = concepts
        self._read = read
        self._weights = weights
        self._questions = questions
        self._columns: dict[str, dict[str, int]] = {}
        self._at = {question.name: at for at, question in enumerate(questions)}

    def answers(self, page: str) -> ModelAnswers:
        """ModelAnswers to all questions about a text that `page_of` made."""
        return self._answers(self._read(self._concepts, page))

    def answers_and_worst(self, page: str, question: str) -> ModelAnswers:
        """All answers; the answer to `question` is the highest of the text and of its groups of sentences."""
        found, pieces = self._read(self._concepts, page), sentences(page)
        total, _ = self._worst(question, [(page, found), *self._parted(pieces)])
        sure = self._questions[self._at[question]].probability(total / HUNDREDTHS)
        return ModelAnswers(self._answers(found).of | {question: after_looks(sure, 1 + len(pieces))})

    def _parted(self, pieces: Iterable[str]) -> Iterator[tuple[str, dict[str, float]]]:
        return ((piece, self._read(self._concepts, piece)) for piece in pieces)

    def _worst(self, question: str, pieces: Iterable[tuple[str, dict[str, float]]]) -> tuple[float, str]:
        """Highest sum of these pieces, and the piece that has it."""
        weights = self._column(question)
        sums = ((sum(much * weights.get(part, 0) for part, much in own.items()), one) for one, own in pieces)
        total, piece = max(sums, key=lambda one: one[0])
        return total + weights.get(BIAS, 0), piece

    def _answers(self, found: dict[str, float]) -> ModelAnswers:
        asked = zip(self._questions, self._sums(found), strict=True)
        return ModelAnswers({question.name: question.probability(total) for question, total in asked})

    def decisive(
        self, question: str, text: str, most: int = MOST_DECISIVE, worst: bool = False
    ) -> list[tuple[str, float]]:
        """Parts of the text that add most to the answer yes, with the amount that each adds. With `worst`, of
        the group of sentences that answers yes most clearly. Only for people who may read the text.
        """
        at, page = self._at[question], page_of(text)
        if worst:
            _, page = self._worst(question, self._parted([page, *sentences(page)]))
        low, found = page.lower(), self._read(self._concepts, page)
        words = {f"c:{name}": word for name, word in self._concepts.found(low)}
        ranked = sorted(
            (
                (part, weight * self._weights[part][at] / HUNDREDTHS)
                for part, weight in found.items()
                if part in self._weights and is_shown(part)
            ),
            key=lambda one: -one[1],
        )
        return [(_shown(part, words), round(share, 2)) for part, share in ranked[:most] if share > 0]

    def _column(self, question: str) -> dict[str, int]:
        """Weights of one question alone."""
        if question not in self._columns:
            at = self._at[question]
            self._columns[question] = {part: row[at] for part, row in self._weights.items() if row[at]}
        return self._columns[question]

    def _sums(self, found: dict[str, float]) -> list[float]:
        sums = [0.0] * len(self._questions)
        for part, much in found.items():
            for at, weight in enumerate(self._weights.get(part, ())):
                sums[at] += much * weight
        base = self._weights.get(BIAS, ())
        return [total / HUNDREDTHS + (base[at] / HUNDREDTHS if base else 0) for at, total in enumerate(sums)]


def after_looks(sure: float, looks: int) -> float:
    """Probability of the surest of so many pieces: each look may err, so that it has to be surer of a long
    text.
    """
    return sure / (sure + (1 - sure) * sqrt(looks))


def parts(concepts: Concepts, page: str) -> dict[str, float]:
    """All parts of a text, scaled so that a long text weighs as much as a short one."""
    found = parts_of(page) | concepts.parts_of(page)
    length = sqrt(sum(much * much for much in found.values())) or 1.0
    spellings = spellings_of(page)
    each = SPELLING / sqrt(len(spellings) or 1)
    return {part: much / length for part, much in found.items()} | dict.fromkeys(spellings, each)


Reader = Callable[[Concepts, str], dict[str, float]]
"""Function that finds the parts of a text, as `parts` does."""


def _shown(part: str, words: dict[str, str]) -> str:
    name = part.partition(":")[2]
    return f"{words[part]} ({name})" if part in words else name


def read_model(path: Path, read: Reader = parts) -> Model:
    """Read the model of a file, whose parts `read` finds. Raises `BadModel` with the reason, and with the
    number of a faulty line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadModel(f"{path.name} cannot be read: {error}") from None
    return _model(path.name, lines, read)


def _model(name: str, lines: Iterable[str], read: Reader) -> Model:
    groups: dict[str, list[str]] = {}
    questions: list[ModelQuestion] = []
    weights: dict[str, tuple[int, ...]] = {}
    for number, line in enumerate(lines, start=1):
        head, *cells = line.split("\t")
        try:
            if head == GROUP:
                groups[cells[0]] = cells[1:]
            elif head == QUESTION:
                questions.append(ModelQuestion(cells[0], float(cells[1]), float(cells[2])))
            elif head != KIND:
                weights[head] = tuple(map(int, cells[0].split(" ")))
        except (ValueError, IndexError):
            raise BadModel(f"{name}, line {number}: this is no line of a model") from None
    if not questions or not weights:
        raise BadModel(f"{name}: a model has questions and weights; make one with `make train`")
    if any(len(row) != len(questions) for row in weights.values()):
        raise BadModel(f"{name}: each line of weights needs {len(questions)} numbers, one for each question")
    return Model(Concepts(groups), questions, weights, read)
