"""Data between the workflow and its activities."""

from pydantic import BaseModel, Field

from services.routing.rules.renewing import Question
from services.routing.rules.state import CaseState, LookedUp, Opening
from shared.contract.commands import Accepted
from shared.contract.events import Received, Triaged
from shared.contract.queries import ComplaintState
from shared.contract.recorded import RecordedFact
from shared.contract.values import Category, Concerned, Instant, PolicyId
from shared.policy.pinned import SharedPinned

NOTED = "noted"
"""Name of the signal with what was found in a note: its data are `Signals`, no fact."""


ERASED = "erased"
"""Name of the signal that the texts were destroyed; without data."""


URGED = "urged"
"""Name of the signal that a planned urge of a department fell due: its data are the task and the key."""


class SignalledFact(BaseModel):
    """Signal to the workflow: a fact of followup or intake, the signals of a note, or an erasure.

    `event_id` makes a repeat harmless.
    """

    event_id: str
    name: str
    at: Instant
    data: dict[str, object]


class Carried(BaseModel):
    """Case carried over into a fresh history."""

    state: CaseState
    replies: dict[str, Accepted]
    heard: list[SignalledFact]
    unheard: list[SignalledFact] = Field(default_factory=list)


class Start(BaseModel):
    """Input of the workflow: the received complaint, or a case that goes on.

    `at` only where the complaint's clock was moved before it began: until then the workflow waits.
    """

    complaint_id: str
    received: Received
    at: Instant | None = None
    carried: Carried | None = None


class Opened(BaseModel):
    """Result of opening: the triage, the owner, the policy to pin."""

    triage: Triaged
    owner: str
    pinned: SharedPinned
    people: LookedUp = Field(default_factory=LookedUp)
    reasons: list[str] = Field(default_factory=list)
    waits: list[str] = Field(default_factory=list)
    former: str | None = None


class Flush(BaseModel):
    """New facts, the state after them, and the replies that wait for them to be durable.

    `roster` is that by which its people were looked up last. `opening` is the opening of the case, only
    with its first facts. `opened_under` is the policy of the facts that name none: absent while that is
    the state's own. `wanted` is the request for an owner, only while the complaint waits in the queue.
    """

    state: ComplaintState
    seq: int
    facts: list[RecordedFact]
    replies: dict[str, Accepted] = Field(default_factory=dict)
    opened_under: PolicyId | None = None
    roster: str = ""
    opening: Opening | None = None
    customer: str = ""
    wanted: Question | None = None


class FaultReport(BaseModel):
    """Fault in a rule, for the operator: the step of the complaint, and the exception and its place."""

    complaint_id: str
    step: str
    kind: str
    place: str
    at: Instant


class CaseSubject(BaseModel):
    """Subject of a complaint, for a new choice of its people: a query to the workflow."""

    received: Received
    category: Category
    concerned: Concerned = Field(default_factory=Concerned)


class Settled(BaseModel):
    """Answer of the query `settled`: whether everything up to `seq` is durable and published."""

    settled: bool
    now: Instant
    seq: int
    next_due: Instant | None
    followup: str | None = None
    """Id of the follow-up that is running or about to start, once the complaint is resolved."""
    tasks: list[str] = Field(default_factory=list)
    """Ids of the workflows of open tasks."""
