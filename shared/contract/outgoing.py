"""A fact as it goes out: its bytes are made once, and kept, so that a repeat says the very same. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from pydantic import BaseModel

from shared.contract import subjects
from shared.contract.envelope import CloudEvent
from shared.contract.events import TYPE_PREFIX, Fact, FactHeader, attributes
from shared.contract.subjects import Service

FactEvent = CloudEvent[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One fact in its envelope: `id` is the CloudEvent id, `body` the whole message."""

    complaint_id: str
    name: str
    id: str
    body: bytes

    @property
    def subject(self) -> str:
        return subjects.event(self.name, self.complaint_id)


def encode(message: BaseModel) -> bytes:
    """A message as JSON, without absent fields."""
    return orjson.dumps(message.model_dump(mode="json", exclude_none=True))


def name_of(event_type: str) -> str:
    """The name of the fact in the type of its event."""
    return event_type.removeprefix(TYPE_PREFIX).removesuffix(".v1")


def outgoing(event: FactEvent) -> Outgoing:
    """An event, ready to go out."""
    return Outgoing(str(event.subject), name_of(event.type), event.id, encode(event))


def spoken(service: Service, header: FactHeader, fact: Fact, at: datetime) -> Outgoing:
    """The same bytes as `outgoing(cloud_event(…))`, at a third of the cost: for whoever speaks a lot."""
    event = attributes(service, header, fact, at)
    body = orjson.dumps(event, option=orjson.OPT_UTC_Z)
    return Outgoing(header.complaint_id, fact.NAME, event["id"], body)


def packed(facts: Iterable[Outgoing]) -> bytes:
    """Facts as one column of a row: a message per line, since JSON has no bare newline."""
    return b"\n".join(fact.body for fact in facts)


def unpacked(column: bytes) -> list[Outgoing]:
    """What `packed` made, byte for byte."""
    return [_unpacked(line) for line in column.split(b"\n")] if column else []


def _unpacked(line: bytes) -> Outgoing:
    event = orjson.loads(line)
    return Outgoing(event["subject"], name_of(event["type"]), event["id"], line)
