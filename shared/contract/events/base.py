"""What every fact has, and who may say it."""

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, Field

from shared.contract.subjects import Service
from shared.contract.values import Actor, ComplaintId, PolicyId, Stage


class FactHeader(BaseModel):
    """What every fact says: of which complaint, which one of this service, and who did it."""

    complaint_id: ComplaintId
    seq: Annotated[int, Field(ge=1)]
    cycle: Annotated[int, Field(ge=1)]
    stage: Stage
    actor: Actor
    policy: PolicyId


class Fact(BaseModel):
    """A fact's own fields. `NAME` is its name on the wire; `BY` the services that may say it."""

    NAME: ClassVar[str]
    BY: ClassVar[tuple[Service, ...]]

    def own(self) -> dict[str, Any]:
        """Its own fields as they are stored and published; an absent one is left out."""
        return self.model_dump(mode="json", exclude_none=True)


class FromIntake(Fact):
    """A fact that only intake says."""

    BY = (Service.INTAKE,)


class FromRouting(Fact):
    """A fact that only routing says."""

    BY = (Service.ROUTING,)


class FromFollowUp(Fact):
    """A fact that only followup says."""

    BY = (Service.FOLLOWUP,)
