"""Follow-ups for tests: openings under the default policy, and orders as a workflow takes them."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from services.followup.followup import FollowUp
from services.followup.progress import Opening
from services.followup.recipients import recipients
from shared.contract.errors import Refusal
from shared.contract.orders import Order
from shared.contract.recorded import RecordedFact
from shared.contract.values import Actor, Concerned, Contact
from shared.policy.loader import load_policy
from shared.policy.pinned import PinnedFollowUp, pin_followup

RESOLVED_AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""Monday, ten in the morning in Shanghai."""

HANDLER = Actor(id="agent-1", role="agent")
COLLEAGUE = Actor(id="agent-2", role="agent")
COMPLAINANT = Actor(id="customer", role="customer")


@lru_cache(maxsize=1)
def policy() -> PinnedFollowUp:
    return pin_followup(load_policy("default"))


def opening(**changed: Any) -> Opening:
    """Opening by an agreed resolution of cycle 1; `changed` replaces fields."""
    usual: dict[str, Any] = {
        "complaint_id": "Caaaaaaaaaaaaaaa",
        "cycle": 1,
        "because": "agreed",
        "at": RESOLVED_AT,
        "owner": HANDLER.id,
        "contact": Contact(),
        "language": "en",
        "customer_ref": "cust-1",
        "channel": "web",
        "policy": policy(),
    }
    return Opening(**(usual | changed))


def opened(**changed: Any) -> FollowUp:
    """Follow-up that has published the facts of its opening."""
    followup = FollowUp(opening(**changed))
    followup.people = recipients(load_policy("default").pack, Concerned(), followup.opening.owner)
    followup.apply(followup.open(followup.opening.at))
    return followup


def report(attempt: int, result: str, actor: Actor = HANDLER, **data: Any) -> Order:
    """Order to report an attempt."""
    return Order(
        command_id=f"report-{attempt}-{result}",
        verb="report_callback",
        actor=actor,
        data={"attempt": attempt, "result": result, **data},
    )


def verdict(actor: Actor = COMPLAINANT, *, resolved: bool = True, overall: int = 5) -> Order:
    """Order to record the complainant's verdict."""
    data = {"resolved": resolved, "overall": overall, "outcome": overall, "process": 4, "treatment": 4}
    return Order(command_id="verdict", verb="record_satisfaction", actor=actor, data=data)


def obey(followup: FollowUp, order: Order, now: datetime) -> list[str] | Refusal:
    """Let the order happen; the names of its facts."""
    decided = followup.decide(order, now)
    if isinstance(decided, Refusal):
        return decided
    followup.apply(decided)
    return names(decided)


def pass_time(followup: FollowUp, now: datetime) -> list[RecordedFact]:
    """Let the clock be looked at; the facts of it."""
    facts = followup.look_at_clock(now)
    followup.apply(facts)
    return facts


def names(facts: list[RecordedFact]) -> list[str]:
    return [fact.name for fact in facts]
