"""Every verb by its name."""

from shared.contract.commands import (
    clocks,
    followup,
    handing_over,
    intake,
    negotiation,
    outcome,
    ownership,
    parties,
    presence,
    questions,
    settling,
    substance,
    swaps,
    tasks,
    understanding,
)
from shared.contract.commands.base import Command
from shared.contract.defined import defined_in
from shared.contract.subjects import Service

SUBJECTS = (
    substance,
    understanding,
    questions,
    negotiation,
    settling,
    outcome,
    ownership,
    handing_over,
    parties,
    presence,
    swaps,
    clocks,
    tasks,
    intake,
    followup,
)
"""Modules that define the verbs, in the order of the contract's documents."""


COMMANDS: dict[str, type[Command]] = {
    command.VERB: command for module in SUBJECTS for command in defined_in(module, Command, "VERB")
}
"""Every verb by its name on the wire."""


def verbs_of(service: Service) -> list[str]:
    """Names of the verbs that a service answers."""
    return [verb for verb, command in COMMANDS.items() if service == command.SERVICE]
