"""Who is accountable, and how that changes."""

from typing import Literal

from shared.contract.events.base import FromRouting
from shared.contract.values import TextRef


class Assigned(FromRouting):
    """From now on exactly this person is accountable (`concepts.md` 67)."""

    NAME = "assigned"
    owner: str
    team: str
    level: int
    why: Literal["triage", "transfer", "escalation", "reopening"]
    previous: str | None = None


class Transferred(FromRouting):
    """A transfer was proposed; the owner stays accountable until `to` accepts (`concepts.md` 96)."""

    NAME = "transferred"
    transfer_id: str
    sender: str
    to: str
    reason_ref: TextRef | None = None


class TransferReturned(FromRouting):
    """Nobody accepted the transfer in time; nothing changed."""

    NAME = "transfer_returned"
    transfer_id: str
    sender: str
    to: str


class Changed(FromRouting):
    """One of the three changes: person (`to`), place or time (`to_ref`) (`concepts.md` 65)."""

    NAME = "changed"
    what: Literal["person", "place", "time"]
    to: str | None = None
    to_ref: TextRef | None = None
    reason_ref: TextRef | None = None


class Escalated(FromRouting):
    """The complaint went up a level. `level` counts up within a cycle; each comes once.

    `obligation` is the breached deadline whose ladder it climbed, absent when a person escalated;
    `copied_to` are those who are told as well.
    """

    NAME = "escalated"
    level: int
    why: str
    to: str
    obligation: str | None = None
    copied_to: list[str] | None = None
    reason_ref: TextRef | None = None
