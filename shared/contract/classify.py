"""Another system classifies a complaint in place of the built-in classifier: the request, and its reply.

Amends asks on `complaints.v1.classify` with references and codes. The classifier reads the texts with the
query `text`, for the purpose `classification`, and answers within the time of the policy. An answer that is
late, too large, about another complaint or of another shape is ignored.
"""

from typing import Annotated

from pydantic import BaseModel, Field, StrictBool, StringConstraints

from shared.contract.subjects import Channel
from shared.contract.values import A_NUMBER, Category, ComplaintId, Instant, Motive, Sub, TextRef

CLASSIFIER_ACTOR = "classifier"
"""Actor that reads texts to classify them; it is on no roster."""

CLASSIFICATION = "classification"
"""Only purpose for which that actor reads."""

MOST_REPLY_BYTES = 16 * 1024
MOST_WORDS = 20


class ClassifyRequest(BaseModel):
    """Request to classify one complaint. It carries no text: `text_refs` lead to the complainant's words.

    `answer_by` is the instant after which an answer is not used.
    """

    request_id: str
    complaint_id: ComplaintId
    language: str
    channel: Channel
    text_refs: dict[str, TextRef]
    answer_by: Instant


class SuggestedMotive(BaseModel):
    """Motive with the classifier's confidence."""

    motive: Motive
    confidence: Annotated[float, Field(ge=0, le=1)]


class ClassifyReply(BaseModel):
    """Answer to one request, whose ids it repeats.

    `sub` is a sub-code of `category`. `safety` may be set by it, and is never lowered. `words` are parts of
    the texts that decided; they are encrypted and stored. `unsure` asks a person to look.
    """

    request_id: Annotated[str, StringConstraints(max_length=64)]
    complaint_id: ComplaintId
    category: Category
    sub: Sub | None = None
    motives: Annotated[list[SuggestedMotive], Field(max_length=len(Motive))] = Field(default_factory=list)
    severity: Annotated[int, Field(ge=1, le=5), A_NUMBER] | None = None
    safety: StrictBool = False
    confidence: Annotated[float, Field(ge=0, le=1)]
    unsure: StrictBool = False
    words: Annotated[
        list[Annotated[str, StringConstraints(min_length=1, max_length=100)]], Field(max_length=MOST_WORDS)
    ] = Field(default_factory=list)
