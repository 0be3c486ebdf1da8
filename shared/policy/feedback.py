"""Terms of the six triggers of internal feedback."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from shared.clocks.amounts import Budget, Clock
from shared.policy.obligation import Id, PackModel


class FeedbackTerms(PackModel):
    """Recipients of one trigger, and their time to acknowledge it (`sources.md` 95).

    A list is short for its recipients with the usual time.
    """

    to: Annotated[list[Id], Field(min_length=1)]
    within: Budget = Budget(clock=Clock.ELAPSED, amount="24h")

    @model_validator(mode="before")
    @classmethod
    def _of_a_list(cls, given: Any) -> Any:
        return {"to": given} if isinstance(given, list) else given
