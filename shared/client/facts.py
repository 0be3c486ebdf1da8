"""Facts as they come off the stream, made small enough for one line."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from shared.contract.envelope import RawEvent
from shared.contract.events import TYPE_PREFIX

_SHOWN = (
    "obligation", "percent", "owner", "to", "kind", "category", "severity", "remedy", "amount", "answer",
    "offer_id", "outcome", "result", "attempt", "interest", "cause", "decision", "what", "why", "template",
    "by_fact", "due", "overall", "to_cycle", "by_when", "action_id", "reason", "channel", "level",
    "because", "into", "answer_by",
)  # fmt: skip
"""Fields with codes, numbers and instants, the most informative first; texts are never in a fact."""

_INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:[\d.]+Z$")
"""Facts carry UTC; a line for the eye needs no seconds."""


@dataclass(frozen=True)
class PublishedFact:
    """Published fact, ready to be shown."""

    event_id: str
    name: str
    complaint_id: str
    time: datetime
    stage: str
    cycle: int
    actor: str
    service: str
    data: dict[str, Any]

    @property
    def label_key(self) -> str:
        """Key of the label: a late fact has a label of its own."""
        if self.name == "deadline_met" and self.data.get("late"):
            return "deadline_met_late"
        if self.name == "deadline_breached" and self.data.get("late_registration"):
            return "deadline_breached_unregistered"
        return self.name

    @property
    def details(self) -> str:
        """Fields of the fact in one line, at most five of them."""
        shown = [f"{name}={_short(self.data[name])}" for name in _SHOWN if self.data.get(name) is not None]
        return " ".join(shown[:5])


def _short(value: Any) -> str:
    if isinstance(value, dict) and {"value", "currency"} <= value.keys():
        return f"{value['value']}{value['currency']}"
    if isinstance(value, str) and _INSTANT.match(value):
        return f"{value[:10]}T{value[11:16]}Z"
    if isinstance(value, list):
        return ",".join(str(item) for item in value)[:40]
    return str(value)[:60]


def read_fact(payload: bytes | dict[str, Any]) -> PublishedFact | None:
    """Fact in a message, or None for any other content, so that a window shows the facts that it can read."""
    try:
        raw = json.loads(payload) if isinstance(payload, bytes) else payload
        event = RawEvent.model_validate(raw)
        data = event.data
        return PublishedFact(
            event_id=event.id,
            name=event.type.removeprefix(TYPE_PREFIX).removesuffix(".v1"),
            complaint_id=str(data["complaint_id"]),
            time=(event.time or datetime.now(UTC)).astimezone(UTC),
            stage=str(data.get("stage", "")),
            cycle=int(data.get("cycle", 1)),
            actor=str((data.get("actor") or {}).get("id", "")),
            service=event.source.rsplit("/", 1)[-1],
            data=data,
        )
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError):
        return None


def distinct(facts: list[PublishedFact]) -> list[PublishedFact]:
    """Each fact once: delivery is at least once."""
    return list({fact.event_id: fact for fact in facts}.values())


def clock_of(last: datetime | None, wall: datetime) -> datetime:
    """Estimate of a complaint's own clock, which may have been moved ahead of the wall clock."""
    return wall if last is None else max(last, wall)
