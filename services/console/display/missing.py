"""Sentence that names what is no longer stored of a complaint."""

from shared.contract.queries import Kept


def missing(kept: Kept) -> str | None:
    """Name the missing facts and policies of a complaint; None if nothing is missing."""
    facts = [f"fact {number} of routing" for number in kept.missing_facts]
    policies = [f"the text of policy {identity}" for identity in kept.missing_policies]
    what = ", ".join([*facts, *policies])
    return f"No longer stored: {what}. Its deadlines cannot be certified." if what else None
