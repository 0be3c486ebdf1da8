"""Flush of a follow-up's workflow: the facts and rows to make durable and publish. Pure."""

from pydantic import BaseModel, Field

from services.followup.progress import Opening, Progress
from shared.contract.commands import Accepted
from shared.contract.recorded import RecordedFact
from shared.contract.values import Instant, PolicyId


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
