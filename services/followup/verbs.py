"""Table of the verbs of a follow-up: for each its command, who may use it, when it is possible, its rule.

From a row follow the refusal of an actor whom it does not name, `allowed` and the subscription.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from services.followup import refusals
from services.followup.attempts import report
from services.followup.new_facts import NewFacts
from services.followup.progress import Opening, Progress
from services.followup.verdict import receive_verdict
from shared.contract.commands import Command, RecordSatisfaction, ReportCallback
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import Signals
from shared.contract.orders import Order
from shared.contract.reading_orders import typed
from shared.contract.values import CUSTOMER, Actor
from shared.contract.who import Who

Asked = TypeVar("Asked", bound=Command)

Rule = Callable[[NewFacts, Asked, Actor, datetime, Signals | None], Refusal | None]


def a_call_is_due(progress: Progress) -> bool:
    """Require that an attempt is due, or that the complainant was reached and may still refuse a verdict."""
    return progress.callback in ("due", "reported")


def until_the_end(_: Progress) -> bool:
    """Allow the verb at any time before the follow-up ends."""
    return True


@dataclass(frozen=True)
class Verb(Generic[Asked]):
    """Row of the table. Where the verb is not possible, the rule names the reason."""

    command: type[Asked]
    may: Collection[Who]
    possible: Callable[[Progress], bool]
    rule: Rule[Asked]

    @property
    def conditions(self) -> tuple[Callable[[Progress], bool]]:
        """List what must be so before the verb is possible."""
        return (self.possible,)


_ROWS: tuple[Verb[Any], ...] = (
    Verb(ReportCallback, {Who.STAFF}, a_call_is_due, report),
    Verb(RecordSatisfaction, {Who.COMPLAINANT, Who.OUTSIDER}, until_the_end, receive_verdict),
)

VERBS: dict[str, Verb[Any]] = {row.command.VERB: row for row in _ROWS}
"""Every verb that followup answers, by its name on the wire."""


def allowed(progress: Progress) -> list[str]:
    """List the verbs that are possible in this state."""
    return [] if progress.ended else [verb for verb, row in VERBS.items() if row.possible(progress)]


def read(order: Order) -> Command | Refusal:
    """Return the order as the typed command of its verb, or a refusal with the wrong field."""
    row = VERBS.get(order.verb)
    return typed(order, row.command) if row else refuse(refusals.NO_SUCH_VERB, verb=order.verb)


def obey(
    new_facts: NewFacts, command: Command, actor: Actor, now: datetime, signals: Signals | None
) -> Refusal | None:
    """Carry out the command, or refuse it, also to an actor whom the verb does not name."""
    if new_facts.progress.ended:
        return refuse(refusals.FOLLOWUP_ENDED)
    row = VERBS[command.VERB]
    refusal = permit(new_facts.opening, row.may, actor) or row.rule(new_facts, command, actor, now, signals)
    if refusal and refusal.code == ErrorCode.NOT_ALLOWED_NOW:
        return refusal.model_copy(update={"allowed": allowed(new_facts.progress)})
    return refusal


def permit(opening: Opening, may: Collection[Who], actor: Actor) -> Refusal | None:
    """Refuse an actor who is none of these."""
    if actor.role == CUSTOMER:
        return None if Who.COMPLAINANT in may else refuse(refusals.STAFF_REPORT)
    handled = actor.id in (opening.owner, *opening.handlers)
    if Who.STAFF in may or (Who.OUTSIDER in may and not handled):
        return None
    return refuse(refusals.HANDLED_IT, actor=actor.id)
