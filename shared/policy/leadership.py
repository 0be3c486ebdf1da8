"""Terms of grave complaints: who commands them, and who has to be informed of them."""

from pydantic import model_validator

from shared.clocks.amounts import Budget
from shared.contract.events import Party360
from shared.policy.obligation import Id, PackModel, Severity


class Stakeholder(PackModel):
    """Party that has to be informed, and the time for it, under any of the conditions (`sources.md` 69).

    `retaliation`: the complainant wants a member of staff punished, which is a risk to the reputation.
    `concerned`: people or units are named as concerned. `task`: a department has a task.
    """

    party: Party360
    within: Budget
    from_severity: Severity | None = None
    safety: bool = False
    vulnerable: bool = False
    retaliation: bool = False
    concerned: bool = False
    task: bool = False

    @model_validator(mode="after")
    def _has_a_condition(self) -> "Stakeholder":
        under = [self.from_severity, self.safety, self.vulnerable, self.retaliation, self.concerned]
        if not any([*under, self.task]):
            allowed = "from_severity, safety, vulnerable, retaliation, concerned, task"
            raise ValueError(f"has no condition; allowed are {allowed}")
        return self


Commanders = dict[Severity, Id]
"""Role of the commander from each severity on (`sources.md` 67)."""
