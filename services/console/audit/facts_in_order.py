"""Facts of one complaint from three services, in the order in which they were published. Pure.

Within a service that is the order of their numbers. Between services it is cause before effect: nothing
before `received`, no follow-up before what opened its cycle, no further cycle before what reopened it;
else the instants decide. An instant may be earlier than that of the fact before: a breach has the due
instant.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from shared.contract.outgoing import name_of
from shared.contract.subjects import Service

OPENERS = ("resolved", "withdrawn", "referred", "case_ended")
RANK = [service.value for service in (Service.INTAKE, Service.ROUTING, Service.FOLLOWUP)]


@dataclass(frozen=True)
class OrderedFact:
    """Reference to one fact: its service, its name, its cycle, its instant."""

    service: str
    name: str
    cycle: int
    to_cycle: int
    at: datetime
    body: bytes


def read(body: bytes) -> OrderedFact:
    event = orjson.loads(body)
    data = event["data"]
    return OrderedFact(
        service=event["source"].rsplit("/", 1)[-1],
        name=name_of(event["type"]),
        cycle=data["cycle"],
        to_cycle=data.get("to_cycle", 0),
        at=datetime.fromisoformat(event["time"]),
        body=body,
    )


def in_order(facts: Iterable[OrderedFact]) -> list[OrderedFact]:
    """All of them; those of each service come by their numbers already."""
    left: dict[str, list[OrderedFact]] = {name: [] for name in RANK}
    for fact in facts:
        left[fact.service].append(fact)
    ordered: list[OrderedFact] = []
    reached = dict.fromkeys(RANK, datetime.min.replace(tzinfo=UTC))
    while heads := [own[0] for own in left.values() if own]:
        free = [head for head in heads if not _waits(head, left, ordered)] or heads
        first = min(free, key=lambda one: (max(one.at, reached[one.service]), RANK.index(one.service)))
        reached[first.service] = max(first.at, reached[first.service])
        ordered.append(left[first.service].pop(0))
    return ordered


def _waits(head: OrderedFact, left: dict[str, list[OrderedFact]], ordered: list[OrderedFact]) -> bool:
    """Whether the fact that caused it has still to be placed."""
    if head.service == Service.INTAKE:
        return False
    if any(one.name == "received" for one in left[Service.INTAKE]):
        return True
    if head.service == Service.ROUTING:
        return any(one.name == "reopened" and one.to_cycle == head.cycle for one in left[Service.FOLLOWUP])
    opened = any(one.name in OPENERS and one.cycle == head.cycle for one in ordered)
    return not opened and any(
        one.name in OPENERS and one.cycle <= head.cycle for one in left[Service.ROUTING]
    )
