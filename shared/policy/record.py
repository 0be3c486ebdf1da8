"""Fields that a policy asks of every complaint, and the steps that wait for them. Pure."""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field

from shared.contract.completeness import Completeness, RecordField
from shared.policy.obligation import Id, PackModel, Words

GatedVerb = Literal["transfer", "prepare_options", "offer", "refer", "final_decision"]
"""Steps that may wait for the record. Answering the complainant never does."""


class RecordTerms(PackModel):
    """Section `record` of a pack; an empty one asks for nothing.

    `weights`: share of each field in the score. `gates`: fields that must be known before a step.
    """

    weights: dict[RecordField, Annotated[int, Field(ge=1, le=100)]] = Field(default_factory=dict)
    gates: dict[GatedVerb, list[RecordField]] = Field(default_factory=dict)

    def waits_for(self, verb: str) -> list[RecordField]:
        """Fields that must be known before this step; none where it waits for nothing."""
        return next((fields for gated, fields in self.gates.items() if gated == verb), [])


class QuestionTerms(PackModel):
    """Something that complainants are asked. `fills` is the field of the record that the answer supplies."""

    id: Id
    fills: Literal["narrative", "remedy_sought", "product", "order_ref"] | None = None
    title: Words


def measured(known: Collection[str], terms: RecordTerms) -> Completeness | None:
    """Completeness of a record with these known fields; None where the policy weighs nothing."""
    total = sum(terms.weights.values())
    if not total:
        return None
    missing = [field for field in terms.weights if field not in known]
    missing.sort(key=lambda field: -terms.weights[field])
    lacking = sum(terms.weights[field] for field in missing)
    return Completeness(score=round(1 - lacking / total, 2), missing=missing)
