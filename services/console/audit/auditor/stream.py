"""Facts as the auditor reads them from the stream."""

import json
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

PREFIX, SUFFIX = "complaints.event.", ".v1"

Memory = dict[str, Any]
"""Memory of a check about one complaint: plain JSON."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Fact of the stream. `digest` distinguishes a repeat from another fact with its number."""

    complaint_id: str
    id: str
    name: str
    service: str
    at: datetime
    seq: int
    cycle: int
    stage: str
    actor: str
    role: str
    policy: str
    digest: int
    data: dict[str, Any]

    def instant(self, field: str) -> datetime:
        """Field that is an instant."""
        return datetime.fromisoformat(self.data[field])


def read(body: bytes) -> Fact:
    """Read a CloudEvent. Raises `ValueError`, `KeyError` or `TypeError` if it is none of ours."""
    event = json.loads(body)
    data, actor = event["data"], event["data"]["actor"]
    return Fact(
        complaint_id=data["complaint_id"],
        id=event["id"],
        name=event["type"].removeprefix(PREFIX).removesuffix(SUFFIX),
        service=event["source"].rpartition("/")[2],
        at=datetime.fromisoformat(event["time"]),
        seq=int(data["seq"]),
        cycle=int(data["cycle"]),
        stage=data["stage"],
        actor=actor["id"],
        role=actor["role"],
        policy=data["policy"]["hash"],
        digest=zlib.crc32(body),
        data=data,
    )
