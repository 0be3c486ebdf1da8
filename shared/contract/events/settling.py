"""Facts between an offer and the end: broken agreements, apologies, deadlocks and mediators."""

from typing import Literal

from shared.contract.events.base import FromRouting
from shared.contract.values import Instant, Liability, TextRef


class NegotiationReopened(FromRouting):
    """Return to the negotiation, since an agreed action was not done in time.

    The action is still to be done, with evidence; only the complainant can release it.
    """

    NAME = "negotiation_reopened"
    action_id: str
    why: Literal["broken_action"] = "broken_action"


class ApologyDue(FromRouting):
    """Duty to apologise, which follows from the liability (`sources.md` 19, 58); `by` is the least role.

    `kind` is `none` where a new finding ends the duty.
    """

    NAME = "apology_due"
    apology_id: str
    kind: Literal["full", "partial", "none"]
    liability: Liability
    by: Literal["owner", "lead", "manager"] | None = None
    due: Instant | None = None


class ApologyGiven(FromRouting):
    """Apology to the complainant: `written` by a person, part of an agreed `action`, or with the last
    `notice`.
    """

    NAME = "apology_given"
    apology_id: str
    how: Literal["written", "action", "notice"]
    text_ref: TextRef | None = None


class Deadlocked(FromRouting):
    """Deadlock: too many rounds failed, or the negotiation takes too long (`sources.md` 65).

    `to` is the person above the owner, who should look at it.
    """

    NAME = "deadlocked"
    why: Literal["rounds", "time", "both"]
    rounds: int
    since: Instant
    to: str


class MediatorNamed(FromRouting):
    """Mediator between the owner and the complainant; `previous` is the mediator who was replaced."""

    NAME = "mediator_named"
    mediation_id: str
    mediator: str
    due: Instant
    reason_ref: TextRef | None = None
    previous: str | None = None


class MediationFinished(FromRouting):
    """End of a mediation: a `proposal` of the mediator, an agreement, or no result."""

    NAME = "mediation_finished"
    mediation_id: str
    outcome: Literal["proposal", "agreed", "failed"]
    option_id: str | None = None
    text_ref: TextRef | None = None
