"""Outgoing message of a fact: its bytes are made once and stored, so that a repeat has the same bytes.
Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from pydantic import BaseModel

from shared.contract import subjects
from shared.contract.events import TYPE_PREFIX, Fact, FactHeader
from shared.contract.ids import event_id, schema_urn
from shared.contract.subjects import Service


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Fact in its envelope: `id` is the CloudEvent id, `body` the whole message."""

    complaint_id: str
    name: str
    id: str
    body: bytes

    @property
    def subject(self) -> str:
        return subjects.event(self.name, self.complaint_id)


def encode(message: BaseModel) -> bytes:
    """Message as JSON, without absent fields."""
    return orjson.dumps(message.model_dump(mode="json", exclude_none=True))


def name_of(event_type: str) -> str:
    """Name of the fact in the type of its event."""
    return event_type.removeprefix(TYPE_PREFIX).removesuffix(".v1")


def outgoing(service: Service, header: FactHeader, fact: Fact, at: datetime) -> Outgoing:
    """Return the message in which `service` publishes `fact`."""
    return message(service, header, fact.NAME, fact.own(), at)


def message(service: Service, header: FactHeader, name: str, own: dict[str, Any], at: datetime) -> Outgoing:
    """Make the bytes of a fact; nothing else makes any. A fact that is published twice has one id."""
    id_ = event_id(header.complaint_id, service, header.seq)
    event = {
        "specversion": "1.0",
        "type": f"{TYPE_PREFIX}{name}.v1",
        "source": f"amends/{service}",
        "id": id_,
        "time": at,
        "subject": header.complaint_id,
        "dataschema": schema_urn(f"event:{name}"),
        "datacontenttype": "application/json",
        "data": header.model_dump(mode="json", exclude_none=True) | own,
    }
    return Outgoing(header.complaint_id, name, id_, orjson.dumps(event, option=orjson.OPT_UTC_Z))


def packed(facts: Iterable[Outgoing]) -> bytes:
    """Facts as one column of a row: a message per line, since JSON has no bare newline."""
    return b"\n".join(fact.body for fact in facts)


def unpacked(column: bytes) -> list[Outgoing]:
    """Messages that `packed` joined, byte for byte."""
    return [_unpacked(line) for line in column.split(b"\n")] if column else []


def _unpacked(line: bytes) -> Outgoing:
    event = orjson.loads(line)
    return Outgoing(event["subject"], name_of(event["type"]), event["id"], line)
