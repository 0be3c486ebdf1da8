"""Checks that every life followed its script, by the facts alone. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from deploy.demo.catalogue import Complaint
from deploy.demo.record import SeenFact
from deploy.demo.scripts import SCRIPTS
from shared.contract.ids import event_id


def problems(complaint: Complaint, seen: list[SeenFact], timeline: list[dict[str, Any]]) -> Iterator[str]:
    """Problems of a life: with its end, its way, its numbers, or with its timeline."""
    yield from _end(complaint, seen)
    missing = first_missing(SCRIPTS[complaint.life.script].must_see, [fact.name for fact in seen])
    if missing:
        yield f"{missing} was not seen where its script has it"
    yield from _numbers(seen)
    if [fact.id for fact in seen] != [event["id"] for event in timeline]:
        yield f"{len(seen)} facts were seen, and the timeline holds {len(timeline)}, or others"


def first_missing(wanted: Sequence[str], names: Iterable[str]) -> str | None:
    """First of `wanted` that does not occur in this order among `names`."""
    coming = iter(names)
    return next((name for name in wanted if name not in coming), None)


def _end(complaint: Complaint, seen: list[SeenFact]) -> Iterator[str]:
    ends = [fact.data["outcome"] for fact in seen if fact.name == "closed"]
    wanted = complaint.life.ends
    if ends != ([wanted] if wanted else []):
        yield f"it should end as {wanted or 'no complaint'}, and ended as {', '.join(ends) or 'nothing yet'}"
    elif wanted and seen[-1].name != "closed":
        yield f"{seen[-1].name} came after its end"


def _numbers(seen: list[SeenFact]) -> Iterator[str]:
    """Each fact once, under the id that it must have, and no gap in what each service counts."""
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for fact in seen:
        numbers[fact.service].append(fact.data["seq"])
        if fact.id != event_id(fact.complaint_id, fact.service, fact.data["seq"]):
            yield f"{fact.id} is not the id of what it names"
    for service, got in numbers.items():
        if got != list(range(1, len(got) + 1)):
            yield f"the numbers of {service} have a gap, a repetition or another order"
    twice = [one for one, count in Counter(fact.id for fact in seen).items() if count > 1]
    if twice:
        yield f"{twice[0]} came twice"
