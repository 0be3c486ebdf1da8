"""What travels between the workflow and its activities."""

from pydantic import BaseModel, Field

from services.routing.rules.state import CaseState, LookedUp, Opening
from shared.contract.commands import Accepted
from shared.contract.events import Received, Triaged
from shared.contract.queries import ComplaintState
from shared.contract.recorded import RecordedFact
from shared.contract.values import Category, Concerned, Instant, PolicyId
from shared.policy.pinned import SharedPinned

NOTED = "noted"
"""The name under which the workflow hears what was found in a note: its data are `Signals`, no fact."""


ERASED = "erased"
"""The name under which the workflow hears that the texts were destroyed; without data."""


class SignalledFact(BaseModel):
    """A fact from follow-up or intake, the signals of a note, or an erasure.

    `event_id` makes a repeat harmless.
    """

    event_id: str
    name: str
    at: Instant
    data: dict[str, object]


class Carried(BaseModel):
    """A case carried over into a fresh history."""

    state: CaseState
    replies: dict[str, Accepted]
    heard: list[SignalledFact]


class Start(BaseModel):
    """The workflow's input: what intake received, or a case that goes on.

    `at` only where the complaint's clock was moved before it began: until then the workflow waits.
    """

    complaint_id: str
    received: Received
    at: Instant | None = None
    carried: Carried | None = None


class Opened(BaseModel):
    """What opening found out: the triage, the owner, the policy to pin."""

    triage: Triaged
    owner: str
    pinned: SharedPinned
    people: LookedUp = Field(default_factory=LookedUp)


class Flush(BaseModel):
    """New facts, the state after them, and the replies that wait for them to be durable.

    `roster` is the one by which the people in it were looked up last.
    `opening` is what the case was opened with, only with its first facts.
    `opened_under` is the policy of the facts that name none: absent while that is the state's own.
    """

    state: ComplaintState
    seq: int
    facts: list[RecordedFact]
    replies: dict[str, Accepted] = Field(default_factory=dict)
    opened_under: PolicyId | None = None
    roster: str = ""
    opening: Opening | None = None


class CaseSubject(BaseModel):
    """What a complaint is about, for whoever has to find its people again: asked of the workflow."""

    received: Received
    category: Category
    concerned: Concerned = Field(default_factory=Concerned)


class Settled(BaseModel):
    """What the `settled` query answers: whether everything up to `seq` is durable and published."""

    settled: bool
    now: Instant
    seq: int
    next_due: Instant | None
    followup: str | None = None
    """The id of the follow-up that is running or about to start, once the complaint is resolved."""
