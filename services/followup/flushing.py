"""Flush of a follow-up's workflow: the facts and rows to make durable and publish. Pure."""

from pydantic import BaseModel, Field

from services.followup.progress import Opening, Progress
from shared.contract.commands import Accepted
from shared.contract.recorded import RecordedFact
from shared.contract.values import Instant, PolicyId

WORKFLOW = "FollowUpWorkflow"
"""Registered name of the workflow; its task queue is `QUEUE`."""

QUEUE = "followup"

END = "end"
"""Signal: the complaint was merged into another."""

DANGER = "danger"
"""Signal: a danger was reported while the complaint was followed up."""

ERASED = "erased"
"""Signal: the texts of the complaint were destroyed."""

REPLIES = "replies"
"""Query: the replies of a follow-up so far."""

FLUSH = "flush"
"""Registered name of the activity that takes a `Flush`."""

PEOPLE = "look_up_recipients"
"""Registered name of the activity that takes a `Question`."""


class Flush(BaseModel):
    """New facts in order, the state that they led to, and the replies that promise them.

    `opening` is what the follow-up was opened with, only with its first facts.
    """

    complaint_id: str
    cycle: int
    because: str
    owner: str | None = None
    opened_at: Instant
    policy: PolicyId
    progress: Progress
    facts: list[RecordedFact]
    replies: dict[str, Accepted] = Field(default_factory=dict)
    opening: Opening | None = None


def flush_of(
    opening: Opening, progress: Progress, facts: list[RecordedFact], replies: dict[str, Accepted]
) -> Flush:
    """Flush of a follow-up with this opening."""
    return Flush(
        complaint_id=opening.complaint_id,
        cycle=opening.cycle,
        because=opening.because,
        owner=opening.owner,
        opened_at=opening.at,
        policy=opening.policy.identity,
        progress=progress,
        facts=facts,
        replies=replies,
        opening=opening if facts and facts[0].seq == opening.seq + 1 else None,
    )
