"""Completeness of a complaint's record, and the fields that are missing (`sources.md` 37, 53)."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

RecordField = Literal["narrative", "remedy_sought", "product", "order_ref", "unit", "loss"]
"""Fields that a record may lack, by their names in a submission.

`remedy_sought` also counts as known by a motive that the sender names, by a loss, or by a recorded
interest of the complainant.
"""


class Completeness(BaseModel):
    """`score` is the weight of what is known as a share of all that the policy weighs, 0 to 1."""

    score: Annotated[float, Field(ge=0, le=1)]
    missing: list[RecordField]
    """Fields that the policy wants and that are not known yet, in the order of their weight."""
