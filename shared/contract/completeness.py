"""How much of a complaint's record is there, and what is missing (`sources.md` 37, 53)."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

RecordField = Literal["narrative", "remedy_sought", "product", "order_ref", "unit", "loss"]
"""What a record may lack, by the names of a submission.

`remedy_sought` is known, too, by a motive that the sender names, by a loss, or by a recorded interest of
the complainant.
"""


class Completeness(BaseModel):
    """`score` is the weight of what is known as a share of all that the policy weighs, 0 to 1."""

    score: Annotated[float, Field(ge=0, le=1)]
    missing: list[RecordField]
    """What the policy asks for and nobody has said yet, the weightiest first."""
