"""Seals of the door: they prove its own forms and pseudonyms without stored state. Pure."""

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared.named_file import read_named

VALID_FOR = timedelta(hours=24)
"""Validity of a form. An older form is made anew, with its written values."""

NAME = re.compile(r"^[a-z2-7]{26}$")


class UnusableKey(Exception):
    """Raised when the door's key file holds no key."""


class Stamps:
    """Seals with one secret. Several doors of one front share it, so that each knows the forms of all."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def from_file(cls, path: Path) -> "Stamps":
        """32 bytes in base64. Raises `UnusableKey`."""
        try:
            key = base64.b64decode(read_named(path).strip(), validate=True)
        except (OSError, ValueError):
            key = b""
        if len(key) != 32:
            raise UnusableKey("it expects 32 random bytes in base64")
        return cls(key)

    def form(self, name: str, now: datetime) -> str:
        """Hidden field of a form with this name, 26 letters and digits."""
        at = str(int(now.timestamp()))
        return f"{name}.{at}.{self.seal('form', name, at)}"

    def form_name(self, stamp: str, now: datetime) -> str | None:
        """Name of a form that this door made within the validity; None for any other."""
        name, at, seal = (*stamp.split("."), "", "")[:3]
        if not NAME.match(name) or not self.holds(seal, "form", name, at):
            return None
        age = now - datetime.fromtimestamp(int(at), UTC)
        return name if timedelta(0) <= age + timedelta(minutes=1) and age <= VALID_FOR else None

    def pseudonym(self, contact: str) -> str:
        """Pseudonym of a person: the same for the same address or number, which cannot be read from it."""
        return f"web-{self.seal('person', contact)[:16]}"

    def seal(self, *parts: str) -> str:
        """Seal over texts, 26 letters and digits."""
        text = "\n".join(f"{len(part)} {part}" for part in parts).encode()
        return base64.b32encode(hmac.digest(self._key, text, hashlib.sha256)).decode().lower()[:26]

    def holds(self, seal: str, *parts: str) -> bool:
        return hmac.compare_digest(seal.encode(), self.seal(*parts).encode())
