"""Fields of a complaint's record that a further submission gives, so that they are not asked for again.
Pure.
"""

from collections.abc import Collection
from typing import get_args

from shared.contract.completeness import RecordField
from shared.contract.events import Received

FIELDS: tuple[RecordField, ...] = get_args(RecordField)


def fields_given(received: Received, details: Collection[str]) -> list[RecordField]:
    """Fields that it holds, by name only (`sources.md` 53); `details` are those in its `details`.

    As for a first submission, a motive or a loss also gives the remedy sought.
    """
    known = {*details, *received.text_refs}
    known |= {name for name in FIELDS if getattr(received, name, None) is not None}
    if received.loss or received.hints.motives:
        known.add("remedy_sought")
    return [name for name in FIELDS if name in known]
