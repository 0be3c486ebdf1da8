"""What the workflow of a grumble is given, and says at the end of its time. Pure."""

from pydantic import BaseModel

from shared.contract.values import Instant

WORKFLOW = "GrumbleWorkflow"
"""The registered name of the workflow; its task queue is `QUEUE`."""

QUEUE = "intake"

PROMOTE = "promote_unanswered"
"""The registered name of the activity that takes `Unanswered`."""

END = "end"
"""The signal, with a `Became`, that the grumble was answered, or is a complaint already."""


class Waiting(BaseModel):
    """A grumble with the end of its time, reckoned under the policy in force when it was recorded."""

    complaint_id: str
    answer_by: Instant


class Unanswered(BaseModel):
    """Nobody answered it until `at`, by the grumble's own clock."""

    complaint_id: str
    at: Instant


class Became(BaseModel):
    """The complaint that the grumble is now; absent if somebody answered it after all."""

    into: str | None = None
