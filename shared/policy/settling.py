"""Terms of the settlement: apologies, deadlock, mediation, and who may release an agreed action."""

from typing import Annotated, Literal

from pydantic import Field

from shared.clocks.amounts import Budget, Clock
from shared.contract.values import Liability
from shared.policy.obligation import Id, PackModel


def _two_days() -> Budget:
    return Budget(clock=Clock.BUSINESS_DAYS, amount="2d")


class ApologyTerms(PackModel):
    """Apology that a liability asks for: its kind, the least role of the person, and the time for it."""

    kind: Literal["full", "partial"]
    by: Literal["owner", "lead", "manager"] = "owner"
    within: Budget = Field(default_factory=_two_days)


class DeadlockTerms(PackModel):
    """Signs of a deadlock: failed rounds since the last change, time since the first offer, or both."""

    rounds: Annotated[int, Field(ge=1)] | None = 3
    after: Budget | None = Budget(clock=Clock.CALENDAR_DAYS, amount="14d")
    needs: Literal["either", "both"] = "either"


class MediationTerms(PackModel):
    """Least role of a mediator, and the time that a mediation may take."""

    least_role: Literal["agent", "lead", "manager"] = "lead"
    within: Budget = Budget(clock=Clock.BUSINESS_DAYS, amount="5d")


class SettlementTerms(PackModel):
    """Terms of a settlement."""

    apologies: dict[Liability, ApologyTerms] = Field(default_factory=dict)
    """Apology by the liability; a liability that is not named asks for none."""
    apology_actions: list[Id] = Field(default_factory=list)
    """Agreed actions that are an apology when they are done."""
    apology_before_exit: bool = False
    """Whether the complaint cannot leave before the apology. Else the last notice contains it."""
    deadlock: DeadlockTerms = Field(default_factory=DeadlockTerms)
    mediation: MediationTerms = Field(default_factory=MediationTerms)
    actions_released_by: Literal["customer", "second_person"] = "customer"
    """People who may release an agreed action: the complainant alone, or two members of staff, too."""
