"""Reading an order to a case: its typed command, with its actor and what was looked up of people."""

from services.routing import refusals
from services.routing.rules.decision import ActorCommand
from services.routing.rules.verbs import VERBS
from shared.contract.commands import Command
from shared.contract.errors import Refusal, refuse
from shared.contract.orders import Order
from shared.contract.reading_orders import typed
from shared.policy.pinned import Pinned


def read(order: Order) -> ActorCommand[Command] | Refusal:
    """The order with its typed command, or what is wrong with it; never the value, which may be a text."""
    row = VERBS.get(order.verb)
    if row is None or row.rule is None:
        return refuse(refusals.NO_SUCH_VERB, verb=order.verb)
    command: Command | Refusal = typed(order, row.command)
    if isinstance(command, Refusal):
        return command
    return ActorCommand(
        actor=order.actor,
        command=command,
        named=order.named,
        units=order.units,
        named_units=order.named_units,
        told=order.told,
        pinned=Pinned.model_validate(order.attached) if order.attached else None,
    )
