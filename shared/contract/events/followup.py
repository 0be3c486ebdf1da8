"""Was it worth it? Callbacks, the complainant's verdict, and the end."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from shared.contract.events.base import FromFollowUp
from shared.contract.events.received import Signals
from shared.contract.values import A_NUMBER, Instant, Outcome, TextRef

Rating = Annotated[int, Field(ge=1, le=5), A_NUMBER]


class CallbackScheduled(FromFollowUp):
    """When the complainant will be asked whether they are satisfied (`sources.md` 86)."""

    NAME = "callback_scheduled"
    attempt: int
    due: Instant
    window_end: Instant
    provisional: bool = False


class CallbackDue(FromFollowUp):
    """Call now; the window ends at `window_end`."""

    NAME = "callback_due"
    attempt: int
    window_start: Instant
    window_end: Instant


class CallbackReported(FromFollowUp):
    """What came of an attempt."""

    NAME = "callback_reported"
    attempt: int
    result: Literal["reached", "no_answer", "busy", "wrong_number", "later", "refused"]
    again_at: Instant | None = None
    evidence_refs: list[TextRef] | None = None
    text_ref: TextRef | None = None
    signals: Signals | None = None


class CallbackOverdue(FromFollowUp):
    """Nobody called, or nobody recorded a verdict, in time: `to` is told, by the policy's ladder.

    `what` is `call` (the last attempt was not reported) or `verdict` (the complainant was reached, and what
    they said is not recorded). `level` counts the rungs.
    """

    NAME = "callback_overdue"
    attempt: int
    what: Literal["call", "verdict"]
    level: int
    to: str


class Fairness(BaseModel):
    """The three kinds of fairness, 1 to 5 (`sources.md` 82 to 84)."""

    outcome: Rating
    process: Rating
    treatment: Rating


class SatisfactionRecorded(FromFollowUp):
    """The complainant's own verdict.

    `satisfied`: whether it counts as satisfied under the policy that the complaint was opened under.
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
    """A new cycle begins with another owner, one level up (`sources.md` 88).

    The complainant is not satisfied, or reported a danger in the callback (`danger`). `signals` is what was
    found in what they said; routing weighs it as it weighs the receipt.
    """

    NAME = "reopened"
    why: Literal["not_resolved", "dissatisfied", "danger"]
    to_cycle: int
    signals: Signals | None = None


class Closed(FromFollowUp):
    """The end. After it no command is accepted.

    `why` says for `unreachable` how it came to that: called and never reached (`not_reached`), nobody
    called, or only its handlers say so (`not_called`), reached and no verdict recorded (`no_verdict`), or
    their own refusal (`refused`).
    """

    NAME = "closed"
    outcome: Outcome
    why: Literal["not_reached", "not_called", "no_verdict", "refused"] | None = None
