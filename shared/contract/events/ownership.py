"""Who is accountable, who must not be, and how that changes."""

from typing import Literal

from shared.contract.events.base import FromRouting
from shared.contract.values import ComplaintId, TextRef

ReplacedBecause = Literal["conflict", "gone", "policy"]
"""An interest in the matter, no longer on the roster in this role, or others stand there now."""


class Assigned(FromRouting):
    """From now on exactly this person is accountable (`sources.md` 67).

    `owner` is `nobody` where everybody who could be is concerned or gone; `unattended` says so, too.
    """

    NAME = "assigned"
    owner: str
    team: str
    level: int
    why: Literal["triage", "transfer", "escalation", "reopening", "conflict", "gone"]
    previous: str | None = None


class Transferred(FromRouting):
    """A transfer was proposed; the owner stays accountable until `to` accepts (`sources.md` 96)."""

    NAME = "transferred"
    transfer_id: str
    sender: str
    to: str
    reason_ref: TextRef | None = None


class TransferReturned(FromRouting):
    """A proposed transfer ended, and nobody new is accountable.

    `why` is absent where nobody accepted it in time.
    """

    NAME = "transfer_returned"
    transfer_id: str
    sender: str
    to: str
    why: Literal["conflict", "gone"] | None = None


class ConcernedAdded(FromRouting):
    """The complaint is about these people and units, too: they have no part in it from now on.

    `contact` is the id of the submission or of the merged complaint that names them, if one does.
    """

    NAME = "concerned_added"
    staff: list[str]
    units: list[str]
    why: Literal["contact", "completed", "merged"]
    contact: ComplaintId | None = None


class ChainChanged(FromRouting):
    """Others stand above the owner from now on: `nobody` where no one without an interest is left."""

    NAME = "chain_changed"
    lead: str
    manager: str
    was_lead: str
    was_manager: str
    why: ReplacedBecause


class Unattended(FromRouting):
    """Nobody is left for these roles of the complaint; somebody has to be put into the policy."""

    NAME = "unattended"
    roles: list[Literal["owner", "lead", "manager", "approver", "department"]]


class Changed(FromRouting):
    """One of the three changes: person (`to`), place or time (`to_ref`) (`sources.md` 65)."""

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
