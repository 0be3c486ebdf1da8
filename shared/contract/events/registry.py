"""Every fact by its name, and the message that carries one."""

from typing import Any

from shared.contract.defined import defined_in
from shared.contract.envelope import CloudEvent
from shared.contract.events import (
    clocks,
    contacts,
    deadlines,
    followup,
    grumbles,
    handing_over,
    negotiation,
    outcome,
    ownership,
    parties,
    questions,
    received,
    settling,
    substance,
    tasks,
    texts,
    triage,
    understanding,
)
from shared.contract.events.base import Fact, FactHeader

STORY = (
    # intake
    received,
    contacts,
    grumbles,
    texts,
    # routing: people, clocks, substance
    triage,
    ownership,
    handing_over,
    parties,
    tasks,
    questions,
    deadlines,
    clocks,
    substance,
    understanding,
    negotiation,
    settling,
    outcome,
    # followup
    followup,
)
"""Modules in the order of a complaint's life. In each module the facts have that order, too."""


FACTS: dict[str, type[Fact]] = {
    fact.NAME: fact for module in STORY for fact in defined_in(module, Fact, "NAME")
}
"""Every fact by its name on the wire."""

TYPE_PREFIX = "complaints.event."


def read_fact(event: CloudEvent[dict[str, Any]]) -> tuple[str, FactHeader, Fact]:
    """Name, header and typed fact of a message; raises `ValueError` for a fact that the contract has not."""
    name = event.type.removeprefix(TYPE_PREFIX).removesuffix(".v1")
    if name not in FACTS:
        raise ValueError(f"the contract has no fact named {name!r}")
    return name, FactHeader.model_validate(event.data), FACTS[name].model_validate(event.data)
