"""Facts of follow-up: callbacks, the complainant's verdict, and the end of the complaint."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from shared.contract.events.base import FromFollowUp
from shared.contract.events.received import Signals
from shared.contract.values import A_NUMBER, Instant, Outcome, TextRef

Rating = Annotated[int, Field(ge=1, le=5), A_NUMBER]


class CallbackScheduled(FromFollowUp):
    """Date of a call that asks whether the complainant is satisfied (`sources.md` 86)."""

    NAME = "callback_scheduled"
    attempt: int
    due: Instant
    window_end: Instant
    provisional: bool = False


class CallbackDue(FromFollowUp):
    """Start of the window in which the complainant is to be called; it ends at `window_end`."""

    NAME = "callback_due"
    attempt: int
    window_start: Instant
    window_end: Instant


class CallbackReported(FromFollowUp):
    """Result of a callback attempt."""

    NAME = "callback_reported"
    attempt: int
    result: Literal["reached", "no_answer", "busy", "wrong_number", "later", "refused"]
    again_at: Instant | None = None
    evidence_refs: list[TextRef] | None = None
    text_ref: TextRef | None = None
    signals: Signals | None = None


class CallbackOverdue(FromFollowUp):
    """Warning that a callback or its verdict is late; `to` is notified, by the policy's ladder.

    `what` is `call` if the last attempt was not reported. It is `verdict` if the complainant was reached
    and their verdict is not recorded. `level` counts the rungs.
    """

    NAME = "callback_overdue"
    attempt: int
    what: Literal["call", "verdict"]
    level: int
    to: str


class Fairness(BaseModel):
    """Ratings of the three kinds of fairness, 1 to 5 (`sources.md` 82 to 84)."""

    outcome: Rating
    process: Rating
    treatment: Rating


class SatisfactionRecorded(FromFollowUp):
    """Verdict of the complainant.

    `satisfied` is whether the verdict counts as satisfied under the policy that the complaint was opened
    under.
    """

    NAME = "satisfaction_recorded"
    resolved: bool
    overall: Rating
    satisfied: bool | None = None
    fairness: Fairness
    nps: Annotated[int, Field(ge=0, le=10)] | None = None
    text_ref: TextRef | None = None
    signals: Signals | None = None


class Reopened(FromFollowUp):
    """Start of a new cycle with another owner, one level up (`sources.md` 88).

    The complainant is not satisfied, or reported a danger in the callback (`danger`). `signals` are the
    findings in the complainant's words; routing weighs them as it weighs those of the receipt.
    """

    NAME = "reopened"
    why: Literal["not_resolved", "dissatisfied", "danger"]
    to_cycle: int
    signals: Signals | None = None


class Closed(FromFollowUp):
    """End of the complaint. Amends accepts no command after it, except `erase`.

    `why` gives the reason of the outcome `unreachable`: the complainant was called and never reached
    (`not_reached`), was not called, or only according to the handlers (`not_called`), was reached and no
    verdict was recorded (`no_verdict`), or refused (`refused`).
    """

    NAME = "closed"
    outcome: Outcome
    why: Literal["not_reached", "not_called", "no_verdict", "refused"] | None = None
