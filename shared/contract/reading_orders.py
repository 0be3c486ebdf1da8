"""Reading an order inside a workflow: its data become the typed command of its verb, once. Pure.

Outside, the request was checked as a whole. Inside, its texts are references and the verb's rule wants a
typed command. The SDK decodes an Update for its validator and again for its handler; `ReadOnce` gives the
handler what the validator read.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from pydantic import ValidationError

from shared.contract.commands import Command
from shared.contract.errors import Refusal, refuse
from shared.contract.orders import Order
from shared.contract.refusals import WRONG_FIELD
from shared.contract.values.problems import first_problem

Asked = TypeVar("Asked", bound=Command)
Read = TypeVar("Read")


def typed(order: Order, command: type[Asked]) -> Asked | Refusal:
    """Return the typed command, or a refusal with the wrong field, never with its value: it may be a text."""
    try:
        return command.model_validate(order.data)
    except ValidationError as error:
        place, _, words = first_problem(error)
        return refuse(WRONG_FIELD, field=f"data.{place}" if place else "data", problem=words)


class ReadOnce(Generic[Read]):
    """Reads an order for the validator and keeps the result for the handler of the same Update."""

    def __init__(self, read: Callable[[Order], Read]) -> None:
        self._read = read
        self._kept: dict[str, tuple[Order, Read]] = {}

    def keep(self, order: Order) -> Read:
        """Read the order and keep the result until it is taken."""
        read = self._read(order)
        self._kept[order.command_id] = order, read
        return read

    def take(self, order: Order) -> Read:
        """Return the result that was kept of this order, or read it now: a replay runs no validator."""
        kept = self._kept.pop(order.command_id, None)
        return kept[1] if kept and kept[0] == order else self._read(order)
