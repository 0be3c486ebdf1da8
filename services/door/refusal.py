"""Refusal of a request, as an exception that carries the answer. Pure."""

from collections.abc import Mapping

from shared.contract.door import NO_WORDS, Code, problem
from shared.contract.quarantine import Misfit
from shared.contract.values.problems import Words

CLOSE = {"Connection": "close"}
"""Header for a body that was not read to its end: the rest must not be taken for the next request."""


class RefusedRequest(Exception):
    """Raised for a refused request; the answer gives the reason."""

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
    def of(cls, misfit: Misfit) -> "RefusedRequest":
        """Refuse at once what intake would put into the quarantine."""
        return cls(misfit.reason, misfit.words, misfit.field)
