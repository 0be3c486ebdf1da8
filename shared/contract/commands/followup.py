"""Result of a callback, and the complainant's verdict."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from shared.contract.commands.base import ToFollowUp
from shared.contract.events import Rating
from shared.contract.values import A_NUMBER, Instant, Ref, Text


class ReportCallback(ToFollowUp):
    """Report the result of a callback attempt.

    `refused` ends the callbacks in two cases only: `evidence` names a recording, or a second person who
    did not handle the complaint reports the refusal, too.
    """

    VERB = "report_callback"
    TEXTS = ("text", "evidence")
    attempt: Annotated[int, Field(ge=1), A_NUMBER]
    result: Literal["reached", "no_answer", "busy", "wrong_number", "later", "refused"]
    again_at: Instant | None = None
    evidence: Annotated[list[Ref], Field(max_length=50)] | None = None
    text: Text | None = None


class RecordSatisfaction(ToFollowUp):
    """Record the complainant's verdict, never the handler's own."""

    VERB = "record_satisfaction"
    TEXTS = ("text",)
    resolved: StrictBool
    overall: Rating
    outcome: Rating
    process: Rating
    treatment: Rating
    nps: Annotated[int, Field(ge=0, le=10), A_NUMBER] | None = None
    text: Text | None = None
