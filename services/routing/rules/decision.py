"""What a rule answers: facts to record and a result for the asker, or a refusal."""

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from shared.contract.commands import COMMANDS, Command, Note
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import Fact
from shared.contract.orders import Order
from shared.contract.recorded import Notification
from shared.contract.subjects import Service
from shared.contract.values import CUSTOMER, Actor
from shared.policy.models import SUPERVISORS

Asked = TypeVar("Asked", bound=Command, covariant=True)


@dataclass(frozen=True)
class Deed(Generic[Asked]):
    """A command with its actor. Its text fields hold references. `named`: the staff that `to` names."""

    actor: Actor
    command: Asked
    named: dict[str, str] = field(default_factory=dict)

    @property
    def by_customer(self) -> bool:
        return self.actor.id == CUSTOMER

    @property
    def by_supervisor(self) -> bool:
        return self.actor.role in SUPERVISORS


def read(order: Order) -> Deed[Command] | Refusal:
    """The order with its typed command, or what is wrong with it; never the value, which may be a text."""
    kind = COMMANDS.get(order.verb)
    if kind is None or kind.SERVICE != Service.ROUTING or kind is Note:
        return refuse(ErrorCode.MALFORMED, detail=f"a case has no verb {order.verb!r}", field="verb")
    try:
        return Deed(actor=order.actor, command=kind.model_validate(order.data), named=order.named)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(str(part) for part in ("data", *problem["loc"]))
        return refuse(ErrorCode.MALFORMED, detail=f"{field}: {problem['msg']}", field=field)


@dataclass(frozen=True)
class Decision:
    """Facts in order, with the notices among them, and what the asker wants to know."""

    facts: list[Fact | Notification]
    result: dict[str, Any] = field(default_factory=dict)
