"""Precedents: what comparable closed complaints got."""

from typing import Annotated

from pydantic import BaseModel, Field

from shared.contract.commands import ActorRef
from shared.contract.queries.base import Query
from shared.contract.subjects import Service
from shared.contract.values import Category, CauseSide, Money

LEAST_CASES = 5
"""Least number of cases of which figures are shown: fewer could show what a person got."""


class PrecedentMarks(BaseModel):
    """Marks by which complaints are compared.

    `loss_from` is the lower end of the band of the loss, by the steps of the pack's severity table; absent
    without a loss.
    """

    category: Category
    cause_side: CauseSide
    severity: Annotated[int, Field(ge=1, le=5)]
    loss_from: str | None = None
    currency: str


class Precedent(PrecedentMarks):
    """Figures of what comparable closed complaints got: the number of cases, the median and the quartiles.

    Under five cases `hidden` is true and no figure is present. A complaint without money counts as zero.
    """

    hidden: bool
    cases: int | None = None
    median: Money | None = None
    lower: Money | None = None
    upper: Money | None = None


class PrecedentQuery(Query):
    """Precedents for a complaint, or for the marks in the request.

    `loss` finds the band by the steps of the pack in force.
    """

    NAME = "precedent"
    SERVICES = (Service.ROUTING,)
    RESULT = Precedent
    complaint_id: str | None = None
    category: Category | None = None
    cause_side: CauseSide | None = None
    severity: Annotated[int, Field(ge=1, le=5)] | None = None
    loss: Money | None = None
    currency: str | None = None
    actor: ActorRef | None = None
