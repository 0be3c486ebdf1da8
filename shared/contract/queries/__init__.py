"""What can be asked: request to `complaints.v1.query.<name>`, one reply. Nothing changes by asking.

Each module has what is asked beside what is answered; here they are by their names on the wire.
"""

from pydantic import BaseModel

from shared.contract.queries.base import Query, QueryReply
from shared.contract.queries.certificates import (
    CalendarId,
    Certificate,
    CertifiedBudget,
    CertifiedMove,
    CertifiedPause,
    CertifiedWarning,
    digest_of,
)
from shared.contract.queries.complaint import (
    Binding,
    Coming,
    ComplaintQuery,
    ComplaintState,
    Kept,
    NoteState,
    ObligationState,
)
from shared.contract.queries.figures import (
    Backlog,
    BacklogQuery,
    Orphan,
    Rate,
    Rates,
    RatesQuery,
    WaitingComplaints,
)
from shared.contract.queries.grumbles import GrumbleQuery, GrumbleState, Standing
from shared.contract.queries.policy import (
    Entries,
    Migration,
    MigrationQuery,
    PolicyQuery,
    PolicyView,
    StaffView,
    WouldMove,
)
from shared.contract.queries.reads import Reads, ReadsQuery, TextRead
from shared.contract.queries.record import TextQuery, TextReply, Timeline, TimelineQuery
from shared.contract.queries.rejected import Rejected, RejectedMessage, RejectedQuery
from shared.contract.queries.worklist import PageSize, WorkItem, Worklist, WorklistQuery

__all__ = [
    "QUERIES",
    "RESULTS",
    "Backlog",
    "BacklogQuery",
    "Binding",
    "CalendarId",
    "Certificate",
    "CertifiedBudget",
    "CertifiedMove",
    "CertifiedPause",
    "CertifiedWarning",
    "Coming",
    "ComplaintQuery",
    "ComplaintState",
    "Entries",
    "GrumbleQuery",
    "GrumbleState",
    "Kept",
    "Migration",
    "MigrationQuery",
    "NoteState",
    "ObligationState",
    "Orphan",
    "PageSize",
    "PolicyQuery",
    "PolicyView",
    "Query",
    "QueryReply",
    "Rate",
    "Rates",
    "RatesQuery",
    "Reads",
    "ReadsQuery",
    "Rejected",
    "RejectedMessage",
    "RejectedQuery",
    "StaffView",
    "Standing",
    "TextQuery",
    "TextRead",
    "TextReply",
    "Timeline",
    "TimelineQuery",
    "WaitingComplaints",
    "WorkItem",
    "Worklist",
    "WorklistQuery",
    "WouldMove",
    "digest_of",
]


_ANSWERED: tuple[tuple[type[Query], type[BaseModel]], ...] = (
    (ComplaintQuery, ComplaintState),
    (TimelineQuery, Timeline),
    (WorklistQuery, Worklist),
    (TextQuery, TextReply),
    (RatesQuery, Rates),
    (PolicyQuery, PolicyView),
    (BacklogQuery, Backlog),
    (MigrationQuery, Migration),
    (GrumbleQuery, GrumbleState),
    (RejectedQuery, Rejected),
    (ReadsQuery, Reads),
)

QUERIES: dict[str, type[Query]] = {query.NAME: query for query, _ in _ANSWERED}
"""Every query by its name on the wire."""

RESULTS: dict[str, type[BaseModel]] = {query.NAME: result for query, result in _ANSWERED}
"""What the `result` of its answer holds, by the same name."""
