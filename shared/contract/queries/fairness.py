"""Fairness: three scores of a complaint, and the disparity between groups of ended complaints."""

from typing import Literal

from pydantic import BaseModel

from shared.contract.queries.base import Query
from shared.contract.subjects import Service
from shared.contract.values import Instant


class FairnessScores(BaseModel):
    """Fairness of the outcome, the process and the treatment, each 0 to 1; absent where nothing is known."""

    outcome: float | None = None
    process: float | None = None
    treatment: float | None = None


class FairnessGroup(BaseModel):
    """Group of complaints against all others. `difference` is free of category and severity.

    `low` and `high` are the interval of the difference; `found`: it excludes zero, and the difference counts.
    """

    group: str
    complaints: int
    mean: float
    difference: float
    low: float
    high: float
    found: bool


class FairnessReport(BaseModel):
    """Disparity report. A group below `least` complaints is in no figure."""

    by: str
    measure: str
    complaints: int
    level: float
    least: int
    least_difference: float
    groups: list[FairnessGroup]
    found: list[str]


class FairnessQuery(Query):
    """Disparity between groups of complaints that ended, received from `since` until before `until`."""

    NAME = "fairness"
    SERVICES = (Service.ROUTING,)
    RESULT = FairnessReport
    by: Literal["owner", "team", "language", "channel", "category", "severity"] = "owner"
    measure: Literal["outcome", "process", "treatment"] = "outcome"
    since: Instant | None = None
    until: Instant | None = None
