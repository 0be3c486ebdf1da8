"""Input and output of the workflow of a grumble. Pure."""

from pydantic import BaseModel

from shared.contract.values import Instant


class Waiting(BaseModel):
    """Grumble with the end of its time, computed under the policy in force when it was recorded."""

    complaint_id: str
    answer_by: Instant


class UnansweredGrumble(BaseModel):
    """Report that the grumble was not answered until `at`, by its own clock."""

    complaint_id: str
    at: Instant


class Became(BaseModel):
    """Complaint that the grumble is now; absent if it was answered."""

    into: str | None = None
