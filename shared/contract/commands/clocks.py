"""Waiting, and moving deadlines."""

from shared.contract.commands.base import Reasoned, Token
from shared.contract.values import Instant


class Pause(Reasoned):
    """Wait for the complainant."""

    VERB = "pause"
    until: Instant | None = None


class Resume(Reasoned):
    """End the wait."""

    VERB = "resume"


class Extend(Reasoned):
    """Move a deadline before it runs out. The 24-hour rule cannot be moved."""

    VERB = "extend"
    obligation: Token
    until: Instant


class CorrectReceipt(Reasoned):
    """Correct the instant at which the complainant spoke; it is not later than the instant of recording.

    The actor is a supervisor who is not accountable for the complaint.
    """

    VERB = "correct_receipt"
    received_at: Instant


class MigratePolicy(Reasoned):
    """Go on under the policy that is in force now; ask `migration` first what that would move."""

    VERB = "migrate_policy"
