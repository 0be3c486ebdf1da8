"""Facts of one deadline, from its start to its end."""

from shared.contract.events.base import FromRouting
from shared.contract.values import Instant, TextRef


class DeadlineFact(FromRouting):
    """`obligation` names one deadline of the complaint, `regime` the rules it comes from."""

    obligation: str
    regime: str


class DeadlineSet(DeadlineFact):
    """Start of an obligation's clock, which runs out at `due`."""

    NAME = "deadline_set"
    due: Instant
    started_at: Instant
    provisional: bool = False


class DeadlineMoved(DeadlineFact):
    """Move of the due instant of the same obligation, with the reason."""

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
    """Fulfilment: the fact that the obligation requires came; `late` if after the breach."""

    NAME = "deadline_met"
    due: Instant
    by_fact: str
    late: bool = False


class DeadlineBreached(DeadlineFact):
    """Breach: the obligation ran out unfulfilled. The event's time is the due instant.

    `late_registration` is true if the obligation had run out before the complaint was registered.
    """

    NAME = "deadline_breached"
    due: Instant
    late_registration: bool = False


class DeadlineExtended(DeadlineFact):
    """Extension of a deadline by a person, with a reason, before it ran out (`sources.md` 61)."""

    NAME = "deadline_extended"
    due: Instant
    was: Instant
    reason_ref: TextRef | None = None


class DeadlineCancelled(DeadlineFact):
    """Cancellation: the obligation does not apply any more."""

    NAME = "deadline_cancelled"
    due: Instant
    reason: str
