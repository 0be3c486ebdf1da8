"""Recent forms that became complaints: a limited number, in memory."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from services.door.entries import FORM, LANG, FilledForm

MOST = 20_000


@dataclass(frozen=True, slots=True)
class Sent:
    """Form that was submitted: the instant, its complaint, and a digest of its content."""

    complaint_id: str
    at: datetime
    digest: bytes


class Recent:
    """Distinguishes a repeat (a second click, the back button) from the same form with other words.

    It is a comfort only: without it, too, the same form is the same complaint, because its name is the id
    of the event. It reports changed words, which would be lost unnoticed.
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


def digest_of(entry: FilledForm) -> bytes:
    """Digest of all that a person writes."""
    said = sorted((name, value) for name, value in entry.values.items() if name not in (FORM, LANG))
    return hashlib.sha256(repr(said).encode()).digest()
