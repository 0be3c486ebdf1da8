"""Table of the verbs of intake: for each its command, who may use it, the refusal to others."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from services.intake import refusals
from shared.contract.commands import (
    AddContact,
    AnswerGrumble,
    Command,
    CommandRequest,
    ConfirmDuplicate,
    Erase,
    LinkCustomer,
    Promote,
)
from shared.contract.errors import ErrorCode, Refusal, RefusalText, refuse
from shared.contract.values import CUSTOMER, Actor
from shared.contract.who import Who
from shared.policy.roster import supervises

PRIVACY = "privacy"
"""Role of a privacy officer."""

ANYBODY = frozenset({Who.COMPLAINANT, Who.STAFF})


@dataclass(frozen=True)
class Verb:
    """Row of the table. Where `denied` is absent, the rule refuses the actors that are not named."""

    command: type[Command]
    may: Collection[Who]
    denied: RefusalText | None = None
    conditions: Collection[Callable[..., Any]] = ()


_ROWS = (
    Verb(AddContact, ANYBODY),
    Verb(ConfirmDuplicate, {Who.STAFF}, refusals.STAFF_DECIDE_DUPLICATES),
    Verb(LinkCustomer, {Who.SUPERVISOR}, refusals.LEADS_LINK),
    Verb(AnswerGrumble, {Who.STAFF}),
    Verb(Promote, ANYBODY),
    Verb(Erase, {Who.PRIVACY_OFFICER}, refusals.ONLY_PRIVACY_ERASES),
)

VERBS = {row.command.VERB: row for row in _ROWS}
"""Every verb that intake answers, by its name on the wire."""


def permitted(actors: Mapping[str, Actor], request: CommandRequest, command: Command) -> Actor | Refusal:
    """Return the actor with the sending client, or refuse an actor whom the verb does not name."""
    actor = actors.get(request.actor.id)
    if actor is None:
        return refuse(ErrorCode.UNKNOWN_ACTOR, field="actor.id")
    row = VERBS[command.VERB]
    if row.denied and not any(_IS[who](actor) for who in row.may):
        return refuse(row.denied)
    return actor.model_copy(update={"via": request.via})


_IS: dict[Who, Callable[[Actor], bool]] = {
    Who.COMPLAINANT: lambda actor: actor.role == CUSTOMER,
    Who.STAFF: lambda actor: actor.role != CUSTOMER,
    Who.SUPERVISOR: lambda actor: supervises(actor.role),
    Who.PRIVACY_OFFICER: lambda actor: actor.role == PRIVACY,
}
"""Conditions by which intake recognises each kind of actor."""
