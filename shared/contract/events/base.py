"""Fields that every fact has, and base classes that name the service which publishes a fact."""

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, Field

from shared.contract.subjects import Service
from shared.contract.values import Actor, ComplaintId, PolicyId, Stage


class FactHeader(BaseModel):
    """Fields of every fact: its complaint, its number among the facts of this service, and its actor."""

    complaint_id: ComplaintId
    seq: Annotated[int, Field(ge=1)]
    cycle: Annotated[int, Field(ge=1)]
    stage: Stage
    actor: Actor
    policy: PolicyId


class Fact(BaseModel):
    """Fields of one fact. `NAME` is its name on the wire; `BY` are the services that may publish it."""

    NAME: ClassVar[str]
    BY: ClassVar[tuple[Service, ...]]

    def own(self) -> dict[str, Any]:
        """Fields of this fact as they are stored and published; an absent field is left out."""
        return self.model_dump(mode="json", exclude_none=True)


class FromIntake(Fact):
    """Fact that only intake publishes."""

    BY = (Service.INTAKE,)


class FromRouting(Fact):
    """Fact that only routing publishes."""

    BY = (Service.ROUTING,)


class FromFollowUp(Fact):
    """Fact that only followup publishes."""

    BY = (Service.FOLLOWUP,)
