"""A request that is not taken, as an exception that carries the answer. Pure."""

from collections.abc import Mapping

from shared.contract.door import NO_WORDS, Code, problem
from shared.contract.quarantine import Misfit
from shared.contract.values.problems import Words

CLOSE = {"Connection": "close"}
"""Where the body was not read to its end: what still comes must not be taken for the next request."""


class Refused(Exception):
    """The request is not taken; the answer says why."""

    def __init__(
        self,
        code: Code,
        detail: Words = NO_WORDS,
        field: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.problem = problem(code, detail, field)
        self.headers = dict(headers or {})
        super().__init__(self.problem.code)

    @classmethod
    def of(cls, misfit: Misfit) -> "Refused":
        """What intake would put into the quarantine, said at once."""
        return cls(misfit.reason, misfit.words, misfit.field)
