"""Cost of a life in Temporal: the number of events of its histories, and their kinds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

SHAPE = {
    "updates": EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED,
    "timers": EventType.EVENT_TYPE_TIMER_STARTED,
    "local activities": EventType.EVENT_TYPE_MARKER_RECORDED,
    "signals": EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
}
"""Kinds of events that make a bare workflow comparable: it has as many of each."""


@dataclass(frozen=True)
class Cost:
    """Cost of one history: number of events, and number of each kind that makes its shape."""

    events: int
    shape: dict[str, int]


async def cost(client: Client, workflow_id: str) -> Cost:
    """Cost of a workflow that has ended."""
    history = await client.get_workflow_handle(workflow_id).fetch_history()
    kinds = Counter(event.event_type for event in history.events)
    return Cost(len(history.events), {name: kinds[kind] for name, kind in SHAPE.items()})


async def costs(client: Client, workflow_ids: Sequence[str]) -> list[Cost]:
    """Costs of several workflows, in their order."""
    return [await cost(client, workflow_id) for workflow_id in workflow_ids]
