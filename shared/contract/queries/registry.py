"""Every query by its name."""

from pydantic import BaseModel

from shared.contract.defined import defined_in
from shared.contract.queries import (
    complaint,
    fairness,
    figures,
    grumbles,
    negotiation,
    policy,
    precedent,
    presence,
    reads,
    record,
    rejected,
    verbs,
    wording,
    worklist,
)
from shared.contract.queries.base import Query
from shared.contract.subjects import Service

SUBJECTS = (
    complaint,
    negotiation,
    fairness,
    precedent,
    record,
    worklist,
    figures,
    policy,
    presence,
    grumbles,
    rejected,
    reads,
    verbs,
    wording,
)
"""Modules that define the queries, in the order of the contract's documents."""

QUERIES: dict[str, type[Query]] = {
    query.NAME: query for module in SUBJECTS for query in defined_in(module, Query, "NAME")
}
"""Every query by its name on the wire."""

RESULTS: dict[str, type[BaseModel]] = {name: query.RESULT for name, query in QUERIES.items()}
"""Model of each reply's `result`, by the name of the query."""


def queries_of(service: Service) -> list[str]:
    """Names of the queries that a service answers."""
    return [name for name, query in QUERIES.items() if service in query.SERVICES]
