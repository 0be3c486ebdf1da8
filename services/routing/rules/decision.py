"""Decisions of rules: facts to record and a result for the asker, or a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from services.routing.rules.facts import CaseFact
from shared.contract.commands import Command
from shared.contract.events import CitedPrecedent, PolicyMigrated
from shared.contract.recorded import Notification
from shared.contract.values import CUSTOMER, Actor, Concerned
from shared.policy.people import Person
from shared.policy.pinned import Pinned
from shared.policy.roster import supervises

PRECEDENT = "precedent"
"""Key of what an order has attached to an offer or a decision."""

LETTERS = "letters"
"""Key of what an order has attached to a response."""

Asked = TypeVar("Asked", bound=Command, covariant=True)


@dataclass(frozen=True)
class ActorCommand(Generic[Asked]):
    """Command with its actor. Its text fields hold references. `named`: the staff that `to` names.

    `units` are those that the actor belongs to or leads, `named_units` those of `named`. `told`: people
    that the command's words name as concerned. `pinned`: the rules that a migration leads to.
    `candidate`: the person in `to`, as of now. `letters` are those of a response without words of
    courtesy; None where it was not measured. `precedent` are the figures of comparable complaints for
    an offer or decision that may cite them; None where they are too few.
    """

    actor: Actor
    command: Asked
    named: dict[str, str] = field(default_factory=dict)
    units: list[str] = field(default_factory=list)
    named_units: list[str] = field(default_factory=list)
    concerned: Concerned = field(default_factory=Concerned)
    pinned: Pinned | None = None
    candidate: Person | None = None
    letters: int | None = None
    precedent: CitedPrecedent | None = None

    @property
    def by_customer(self) -> bool:
        return self.actor.id == CUSTOMER

    @property
    def by_supervisor(self) -> bool:
        return supervises(self.actor.role)


@dataclass(frozen=True)
class Migrated:
    """Fact of a migration with the new rules, which the fact does not contain."""

    fact: PolicyMigrated
    pinned: Pinned


Outcome = CaseFact | Notification | Migrated
"""Possible result of a command."""


@dataclass(frozen=True)
class Decision:
    """Facts in order, with the notices among them, and what the asker wants to know."""

    facts: Sequence[Outcome]
    result: dict[str, Any] = field(default_factory=dict)
