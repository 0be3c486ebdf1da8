"""Reading an order: its data become the typed command of its verb, once."""

from pydantic import ValidationError

from services.routing import refusals
from services.routing.rules.decision import Deed
from services.routing.rules.verbs import VERBS
from shared.contract.commands import Command
from shared.contract.errors import Refusal, refuse
from shared.contract.orders import Order
from shared.contract.refusals import WRONG_FIELD
from shared.contract.values.problems import first_problem
from shared.policy.pinned import Pinned


def read(order: Order) -> Deed[Command] | Refusal:
    """The order with its typed command, or what is wrong with it; never the value, which may be a text."""
    row = VERBS.get(order.verb)
    if row is None or row.rule is None:
        return refuse(refusals.NO_SUCH_VERB, verb=order.verb)
    try:
        command: Command = row.command.model_validate(order.data)
    except ValidationError as error:
        place, _, words = first_problem(error)
        field = f"data.{place}" if place else "data"
        return refuse(WRONG_FIELD, field=field, problem=words)
    return Deed(
        actor=order.actor,
        command=command,
        named=order.named,
        units=order.units,
        named_units=order.named_units,
        told=order.told,
        pinned=Pinned.model_validate(order.attached) if order.attached else None,
    )
