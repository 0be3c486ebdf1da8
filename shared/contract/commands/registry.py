"""Every verb by its name."""

from collections.abc import Iterator
from types import ModuleType

from shared.contract.commands import (
    clocks,
    followup,
    intake,
    negotiation,
    outcome,
    ownership,
    substance,
    tasks,
)
from shared.contract.commands.base import Command
from shared.contract.subjects import Service

SUBJECTS = (substance, negotiation, outcome, ownership, clocks, tasks, intake, followup)
"""The modules that have the verbs, in the order in which the contract tells them."""


def _commands(module: ModuleType) -> Iterator[type[Command]]:
    """The verbs that a module defines."""
    for found in vars(module).values():
        own = isinstance(found, type) and found.__module__ == module.__name__
        if own and issubclass(found, Command) and "VERB" in vars(found):
            yield found


COMMANDS: dict[str, type[Command]] = {
    command.VERB: command for module in SUBJECTS for command in _commands(module)
}
"""Every verb by its name on the wire."""


def verbs_of(service: Service) -> list[str]:
    """The verbs that a service answers."""
    return [verb for verb, command in COMMANDS.items() if service == command.SERVICE]
