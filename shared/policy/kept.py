"""Content of a policy as it was hashed. It is kept by hash, so that an outside verifier can read it and hash
it again.
"""

import hashlib
import json
from typing import Any

from pydantic import BaseModel

from shared.clocks.calendar import Calendar
from shared.policy.models import Pack

HASH_LENGTH = 16


class PolicyContent(BaseModel):
    """Parsed content: the pack with its regimes' deadlines, and the calendars; `""` is the pack's own."""

    pack: Pack
    calendars: dict[str, Calendar]


def content_text(pack: Pack, calendars: dict[str, Calendar]) -> str:
    """Hashed text: JSON with sorted keys."""
    content: dict[str, Any] = {
        "pack": pack.model_dump(mode="json"),
        "calendars": {one: calendar.model_dump(mode="json") for one, calendar in calendars.items()},
    }
    return json.dumps(content, sort_keys=True, ensure_ascii=False)


def hash_of(text: str) -> str:
    """First 16 hexadecimal digits of the SHA-256 of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]
