"""Dry run of the wording gate: the faults of a text before it is sent."""

from pydantic import BaseModel, StrictBool

from shared.contract.queries.base import Query
from shared.contract.subjects import Service
from shared.contract.values import Text
from shared.contract.wording import WordingFinding


class WordingReport(BaseModel):
    """Faults of a text; `sendable` is false if one of them would have the command refused."""

    sendable: bool
    findings: list[WordingFinding]


class WordingQuery(Query):
    """Faults that a text would have if the complainant read it. The text is neither stored nor passed on.

    `dated`: the text goes with a date of its own, as `promise_by` of `respond`.
    """

    NAME = "wording"
    SERVICES = (Service.ROUTING,)
    RESULT = WordingReport
    text: Text
    dated: StrictBool = False
