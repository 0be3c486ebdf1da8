"""Facts of grave complaints: their commander, the parties to be informed, vulnerable people, and limits that
give way.
"""

from typing import Literal

from shared.contract.events.base import FromRouting
from shared.contract.values import Instant, TextRef

Party360 = Literal["staff", "departments", "regulator", "media"]
"""Party besides the complainant, whom notices inform: staff concerned, departments, regulator, media."""


class CommanderNamed(FromRouting):
    """Commander of a grave complaint: one leader with authority, above the owner (`sources.md` 67).

    The owner stays the one accountable person. `commander` is absent if the complaint needs none any more.
    """

    NAME = "commander_named"
    commander: str | None = None
    role: str | None = None
    previous: str | None = None
    severity: int


class StakeholderAdded(FromRouting):
    """Party that has to be informed of the complaint by `due` (`sources.md` 69)."""

    NAME = "stakeholder_added"
    party: Party360
    why: Literal["severity", "safety", "vulnerable", "retaliation", "concerned", "task"]
    due: Instant


class StakeholderInformed(FromRouting):
    """Party that was informed; `text_ref` leads to the message."""

    NAME = "stakeholder_informed"
    party: Party360
    text_ref: TextRef | None = None


class VulnerabilityMarked(FromRouting):
    """Mark that the complainant is vulnerable, or the end of that mark (`sources.md` 71)."""

    NAME = "vulnerability_marked"
    vulnerable: bool
    reason_ref: TextRef | None = None


class Overridden(FromRouting):
    """Cost limit that gives way for the rest of the cycle, for safety or for a vulnerable complainant.

    `to` is the person above who is notified (`sources.md` 71).
    """

    NAME = "overridden"
    limit: Literal["authority"]
    why: Literal["safety", "vulnerable"]
    to: str
    reason_ref: TextRef | None = None
