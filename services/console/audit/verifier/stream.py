"""Facts of one complaint as the stream has them, each once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

PREFIX, SUFFIX = "complaints.event.", ".v1"
HEADER = ("complaint_id", "seq", "cycle", "stage", "actor", "policy")


@dataclass(frozen=True)
class Event:
    """Fact of the stream. `data` holds its own fields."""

    id: str
    name: str
    service: str
    at: datetime
    seq: int
    cycle: int
    stage: str
    actor: str
    policy: dict[str, str]
    data: dict[str, Any]

    def instant(self, field: str) -> datetime:
        """Field that is an instant."""
        return datetime.fromisoformat(self.data[field])


def read(timeline: list[dict[str, Any]]) -> list[Event]:
    """Facts in the order of the stream; a message that the stream has twice counts once."""
    found = {event["id"]: event for event in timeline}
    return [_event(event) for event in found.values()]


def gaps(events: list[Event]) -> list[str]:
    """Missing facts: each service numbers its facts from 1."""
    missing = []
    for service in ("intake", "routing"):
        numbers = [event.seq for event in events if event.service == service]
        if numbers != list(range(1, len(numbers) + 1)):
            missing.append(f"the facts of {service} are not 1, 2, 3 … in the stream: one is missing")
    return missing


def _event(event: dict[str, Any]) -> Event:
    data = event["data"]
    return Event(
        id=event["id"],
        name=event["type"].removeprefix(PREFIX).removesuffix(SUFFIX),
        service=event["source"].rpartition("/")[2],
        at=datetime.fromisoformat(event["time"]),
        seq=data["seq"],
        cycle=data["cycle"],
        stage=data["stage"],
        actor=data["actor"]["id"],
        policy=data["policy"],
        data={key: value for key, value in data.items() if key not in HEADER},
    )
