"""What a rule answers: facts to record and a result for the asker, or a refusal."""

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from shared.contract.commands import Command
from shared.contract.events import Fact
from shared.contract.recorded import Notification
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


@dataclass(frozen=True)
class Decision:
    """Facts in order, with the notices among them, and what the asker wants to know."""

    facts: list[Fact | Notification]
    result: dict[str, Any] = field(default_factory=dict)
