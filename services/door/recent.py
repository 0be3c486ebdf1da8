"""The forms of the last while that became complaints: so many, in memory."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from services.door.entries import FORM, LANG, Entry

MOST = 20_000


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was taken: when, as which complaint, and a digest of what it said."""

    complaint_id: str
    at: datetime
    digest: bytes


class Recent:
    """Tells a repeat (a second click, the back button) from the same form with other words.

    Nothing depends on it that must not be forgotten: the same form is the same complaint without it, too,
    because its name is the id of the event. What it adds is that changed words are not lost unnoticed.
    """

    def __init__(self, most: int = MOST) -> None:
        self._sent: OrderedDict[str, Sent] = OrderedDict()
        self._most = most

    def get(self, name: str) -> Sent | None:
        return self._sent.get(name)

    def keep(self, name: str, sent: Sent) -> None:
        self._sent[name] = sent
        while len(self._sent) > self._most:
            self._sent.popitem(last=False)


def digest_of(entry: Entry) -> bytes:
    """What is compared: everything that people write."""
    said = sorted((name, value) for name, value in entry.values.items() if name not in (FORM, LANG))
    return hashlib.sha256(repr(said).encode()).digest()
