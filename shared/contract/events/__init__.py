"""The story of a complaint, as the list of facts that Amends publishes: `registry` has them in order.

A fact is past and never taken back. Each goes to `complaints.v1.event.<name>.<complaint_id>` as a
CloudEvent whose data are the fields of `FactHeader` and those of the fact itself. Facts carry codes,
numbers and references, never a name or a text.

To read the story from its beginning, take the modules in this order. Intake: `received`, `contacts`,
`grumbles`, `texts`. Routing: `triage`, `ownership`, `tasks`; `deadlines`, `clocks`; `substance`,
`negotiation`, `outcome`. Follow-up: `followup`.
"""

from shared.contract.events.base import Fact, FactHeader, FromFollowUp, FromIntake, FromRouting
from shared.contract.events.clocks import MovedDue, Paused, PolicyMigrated, ReceiptCorrected, Resumed
from shared.contract.events.contacts import ContactAdded, DuplicateSuspected, Merged
from shared.contract.events.deadlines import (
    DeadlineBreached,
    DeadlineCancelled,
    DeadlineExtended,
    DeadlineFact,
    DeadlineMet,
    DeadlineMoved,
    DeadlineSet,
    DeadlineWarned,
)
from shared.contract.events.followup import (
    CallbackDue,
    CallbackReported,
    CallbackScheduled,
    Closed,
    Fairness,
    Rating,
    Reopened,
    SatisfactionRecorded,
)
from shared.contract.events.grumbles import GrumbleAnswered, Grumbled, Promoted, PromotedBecause
from shared.contract.events.negotiation import (
    ApprovalGiven,
    ApprovalRequested,
    Counter,
    OfferAnswered,
    OfferExpired,
    OfferMade,
    OfferWithdrawn,
    OptionsPrepared,
    PreparedOption,
    StandardRef,
)
from shared.contract.events.outcome import (
    ActionCompleted,
    Agreed,
    AgreedAction,
    CaseEnded,
    FinalDecision,
    Referred,
    Resolved,
    Terms,
    Withdrawn,
)
from shared.contract.events.ownership import Assigned, Changed, Escalated, Transferred, TransferReturned
from shared.contract.events.received import Promise, PromiseMade, Received, RepresentativeRef, Signals
from shared.contract.events.registry import FACTS, TYPE_PREFIX, attributes, cloud_event, read_fact
from shared.contract.events.substance import (
    Clarified,
    InterestRecorded,
    PositionSet,
    RecordCompleted,
    Responded,
)
from shared.contract.events.tasks import FeedbackRaised, TaskDone, TaskOpened
from shared.contract.events.texts import Erased, Notice
from shared.contract.events.triage import Severity, SeverityScore, Triaged

__all__ = [
    "FACTS",
    "TYPE_PREFIX",
    "ActionCompleted",
    "Agreed",
    "AgreedAction",
    "ApprovalGiven",
    "ApprovalRequested",
    "Assigned",
    "CallbackDue",
    "CallbackReported",
    "CallbackScheduled",
    "CaseEnded",
    "Changed",
    "Clarified",
    "Closed",
    "ContactAdded",
    "Counter",
    "DeadlineBreached",
    "DeadlineCancelled",
    "DeadlineExtended",
    "DeadlineFact",
    "DeadlineMet",
    "DeadlineMoved",
    "DeadlineSet",
    "DeadlineWarned",
    "DuplicateSuspected",
    "Erased",
    "Escalated",
    "Fact",
    "FactHeader",
    "Fairness",
    "FeedbackRaised",
    "FinalDecision",
    "FromFollowUp",
    "FromIntake",
    "FromRouting",
    "GrumbleAnswered",
    "Grumbled",
    "InterestRecorded",
    "Merged",
    "MovedDue",
    "Notice",
    "OfferAnswered",
    "OfferExpired",
    "OfferMade",
    "OfferWithdrawn",
    "OptionsPrepared",
    "Paused",
    "PolicyMigrated",
    "PositionSet",
    "PreparedOption",
    "Promise",
    "PromiseMade",
    "Promoted",
    "PromotedBecause",
    "Rating",
    "ReceiptCorrected",
    "Received",
    "RecordCompleted",
    "Referred",
    "Reopened",
    "RepresentativeRef",
    "Resolved",
    "Responded",
    "Resumed",
    "SatisfactionRecorded",
    "Severity",
    "SeverityScore",
    "Signals",
    "StandardRef",
    "TaskDone",
    "TaskOpened",
    "Terms",
    "TransferReturned",
    "Transferred",
    "Triaged",
    "Withdrawn",
    "attributes",
    "cloud_event",
    "read_fact",
]
