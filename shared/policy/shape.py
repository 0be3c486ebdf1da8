"""Shape of a pack or a regime: each field fits its model. Contents are not compared yet."""

from collections.abc import Iterable
from typing import TypeVar

from pydantic import ValidationError

from shared.policy.checks import zero_budgets
from shared.policy.marked import Source
from shared.policy.models import Pack
from shared.policy.obligation import Regime
from shared.policy.problems import MISSING, Loc, PackProblem, complaints

Entry = TypeVar("Entry", Pack, Regime)


def shaped(model: type[Entry], source: Source) -> tuple[Entry | None, list[PackProblem]]:
    """Entry, or None, and all problems with its shape."""
    zero = placed(source, zero_budgets(source.content))
    try:
        return model.model_validate(source.content, extra="forbid"), zero
    except ValidationError as error:
        return None, zero + _unreported(source, placed(source, complaints(error, model)))


def _unreported(source: Source, found: list[PackProblem]) -> list[PackProblem]:
    """Problems that do not follow from wrong files: no field is reported as missing there, and a line has one
    problem.
    """
    if not source.wrong:
        return found
    told = {(one.file, one.line) for one in source.wrong}
    return [one for one in found if not one.sentence.startswith(MISSING) and (one.file, one.line) not in told]


def placed(source: Source, found: Iterable[tuple[Loc, str]]) -> list[PackProblem]:
    """Problems with their file and line."""
    return [source.problem(loc, sentence) for loc, sentence in found]
