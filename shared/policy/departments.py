"""Terms inside a department that has a task: who is urged, and when."""

from typing import Annotated

from pydantic import Field

from shared.clocks.amounts import Budget, Clock
from shared.policy.obligation import Id, PackModel, Words

DAY = Budget(clock=Clock.BUSINESS_DAYS, amount="1d")


class Department(PackModel):
    """Department that gets tasks and handles no complaints. `head` is above its `lead`."""

    id: Id
    lead: str
    head: str
    title: Words


class InsideTerms(PackModel):
    """Ladder inside the department, besides the ladder of the task outside (`sources.md` 63).

    `remind` is a time before the due instant, `silence` the longest time without a word of the department.
    After the due instant its lead is urged, and every `chase` later those above, `most` times.
    """

    remind: list[Budget] = Field(default_factory=lambda: [DAY])
    silence: Budget = Budget(clock=Clock.BUSINESS_DAYS, amount="2d")
    chase: Budget = DAY
    most: Annotated[int, Field(ge=1, le=50)] = 10
