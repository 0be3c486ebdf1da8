"""State of a follow-up: a small value that only facts change. Pure."""

from collections.abc import Iterable
from typing import Literal, TypeAlias, assert_never

from pydantic import BaseModel, Field

from shared.contract.commands import Accepted
from shared.contract.events import (
    CallbackDue,
    CallbackOverdue,
    CallbackReported,
    CallbackScheduled,
    Closed,
    Fact,
    Notice,
    Reopened,
    SatisfactionRecorded,
)
from shared.contract.recorded import RecordedFact
from shared.contract.subjects import Channel
from shared.contract.values import Contact, Instant, Outcome, Stage
from shared.policy.pinned import SharedPinnedFollowUp


class Progress(BaseModel):
    """State of a follow-up: the number of the last fact, the current attempt, the end.

    `callback` is `none` before the first attempt is scheduled, `due` from the start of the attempt's
    window until another is scheduled (also after the window), `reported` once the complainant is reached.
    """

    seq: int
    stage: Stage = Stage.FOLLOWING_UP
    callback: Literal["none", "scheduled", "due", "reported"] = "none"
    attempt: int = 0
    window_start: Instant | None = None
    window_end: Instant | None = None
    reached_at: Instant | None = None
    rungs: int = 0
    """Number of rungs climbed since the last attempt fell due, or reached the complainant."""
    rung_at: Instant | None = None
    refused_by: list[str] = Field(default_factory=list)
    """Actors who reported a refusal that is not confirmed yet."""
    missed_by: list[str] = Field(default_factory=list)
    """Actors who reported an attempt that did not reach the complainant."""
    missed_on_record: bool = False
    """Whether one of these reports names its evidence."""
    outcome: Outcome | None = None
    reopened: bool = False

    @property
    def ended(self) -> bool:
        """Whether nothing more can happen in this cycle."""
        return self.outcome is not None or self.reopened


class GoingOn(BaseModel):
    """State and replies of a follow-up whose workflow is started again.

    `at` is the instant of its last fact: its own clock is not behind that.
    """

    at: Instant
    progress: Progress
    replies: dict[str, Accepted] = Field(default_factory=dict)


class Opening(BaseModel):
    """Opening of a follow-up: its reason and its policy. Part of the workflow's history.

    `at` is the instant of the fact that opened it. `seq` is the number of facts that the earlier cycles of
    this complaint have published, so that the numbers go on.
    """

    complaint_id: str
    cycle: int
    because: Literal["agreed", "decided", "released", "withdrawn", "referred", "merged"]
    at: Instant
    owner: str | None = None
    handlers: list[str] = Field(default_factory=list)
    by_staff: bool = False
    """Withdrawn by staff for the complainant, who is called about it."""
    danger: bool = False
    """Whether the fact that ended it reports a danger: it is handled again at once."""
    contact: Contact = Field(default_factory=Contact)
    language: str | None = None
    customer_ref: str | None = None
    channel: Channel | None = None
    regimes: list[str] = Field(default_factory=list)
    seq: int = 0
    policy: SharedPinnedFollowUp
    erased: bool = False
    """Whether the texts of the complaint were destroyed: no notices follow any more."""
    going_on: GoingOn | None = None
    """Only where the workflow of a follow-up that is open was lost."""

    @property
    def reopenings(self) -> int:
        """Number of reopenings so far."""
        return self.cycle - 1


def after(progress: Progress, facts: Iterable[RecordedFact]) -> Progress:
    """State after these facts."""
    for recorded in facts:
        seen = {"seq": recorded.seq, "stage": recorded.stage} | _change(progress, recorded)
        progress = progress.model_copy(update=seen)
    return progress


FollowUpFact: TypeAlias = (
    CallbackScheduled
    | CallbackDue
    | CallbackReported
    | CallbackOverdue
    | SatisfactionRecorded
    | Reopened
    | Closed
    | Notice
)
"""Each fact of followup: one that `_change` forgets is an error of types."""


def _change(progress: Progress, recorded: RecordedFact) -> dict[str, object]:
    """Changes by one fact, besides number and stage."""
    fact = followup_fact(recorded.fact())
    match fact:
        case CallbackScheduled():
            window = {"window_start": fact.due, "window_end": fact.window_end}
            return {"callback": "scheduled", "attempt": fact.attempt, "rungs": 0, "rung_at": None, **window}
        case CallbackDue():
            return {"callback": "due"}
        case CallbackReported():
            return _reported(progress, fact, recorded)
        case CallbackOverdue():
            return {"rungs": fact.level, "rung_at": recorded.at}
        case Reopened():
            return {"reopened": True}
        case Closed():
            return {"outcome": fact.outcome}
        case SatisfactionRecorded() | Notice():
            return {}
        case _:
            assert_never(fact)


def followup_fact(fact: Fact) -> FollowUpFact:
    """Fact of followup. Raises `TypeError` for a fact of another service: none is skipped."""
    if isinstance(fact, FollowUpFact):
        return fact
    raise TypeError(f"a follow-up takes no fact {fact.NAME}")


def _reported(progress: Progress, fact: CallbackReported, recorded: RecordedFact) -> dict[str, object]:
    """Changes by a report: only reaching the complainant ends the attempt and its ladder."""
    if fact.result == "reached":
        return {"callback": "reported", "rungs": 0, "rung_at": None, "reached_at": recorded.at}
    who = recorded.actor.id
    return {
        "refused_by": [*progress.refused_by, who] if fact.result == "refused" else progress.refused_by,
        "missed_by": [*progress.missed_by, who],
        "missed_on_record": progress.missed_on_record or bool(fact.evidence_refs),
    }
