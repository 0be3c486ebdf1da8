"""One deadline from its start to its end."""

from shared.contract.events.base import FromRouting
from shared.contract.values import Instant, TextRef


class DeadlineFact(FromRouting):
    """`obligation` names one deadline of the complaint, `regime` the rules it comes from."""

    obligation: str
    regime: str


class DeadlineSet(DeadlineFact):
    """A clock started; it runs out at `due`."""

    NAME = "deadline_set"
    due: Instant
    started_at: Instant
    provisional: bool = False


class DeadlineMoved(DeadlineFact):
    """The same obligation now runs out at another instant, and why."""

    NAME = "deadline_moved"
    due: Instant
    was: Instant
    why: str
    provisional: bool = False


class DeadlineWarned(DeadlineFact):
    """`percent` of the obligation's own time has passed.

    `reminder` names the rung of the ladder that asks for it, where no percentage does.
    """

    NAME = "deadline_warned"
    due: Instant
    percent: int
    to: str
    reminder: str | None = None
    copied_to: list[str] | None = None


class DeadlineMet(DeadlineFact):
    """The fact that it asked for came; `late` if after the breach."""

    NAME = "deadline_met"
    due: Instant
    by_fact: str
    late: bool = False


class DeadlineBreached(DeadlineFact):
    """It ran out. The event's time is the due instant. `late_registration`: it had run out before we knew."""

    NAME = "deadline_breached"
    due: Instant
    late_registration: bool = False


class DeadlineExtended(DeadlineFact):
    """Somebody moved it, with a reason, before it ran out (`sources.md` 61)."""

    NAME = "deadline_extended"
    due: Instant
    was: Instant
    reason_ref: TextRef | None = None


class DeadlineCancelled(DeadlineFact):
    """It is not asked for any more."""

    NAME = "deadline_cancelled"
    due: Instant
    reason: str
