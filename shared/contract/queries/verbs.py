"""Explain a verb from the table by which its service decides."""

from pydantic import BaseModel, Field

from shared.contract.queries.base import Query
from shared.contract.subjects import Service
from shared.contract.values import Ref
from shared.contract.who import Who


class VerbExplained(BaseModel):
    """Description of a verb, as its service decides it.

    `may` has whom the verb names, each with its meaning; whom it does not name is refused. `conditions` has
    what must be so before the verb is possible, by name. `may_zh` and `conditions_zh` have both in Chinese.
    `texts` are the fields that are stored encrypted.
    """

    verb: str
    service: Service
    about: str
    may: dict[Who, str]
    may_zh: dict[Who, str] = Field(default_factory=dict)
    conditions: dict[str, str]
    conditions_zh: dict[str, str] = Field(default_factory=dict)
    texts: list[str]


class ExplainQuery(Query):
    """Actors that may use a verb, and the conditions of the verb."""

    NAME = "explain"
    SERVICES = (Service.INTAKE, Service.ROUTING, Service.FOLLOWUP)
    RESULT = VerbExplained
    verb: Ref
