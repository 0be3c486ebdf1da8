"""Closed unions of the facts that a case takes: the type checker names a function that forgets one.

A fact of routing that is in none of these cannot be decided, and one that `history.apply` does not handle is
an error of types there (`assert_never`).
"""

from typing import TypeAlias

from shared.contract.events import (
    ActionCompleted,
    Agreed,
    ApologyDue,
    ApologyGiven,
    ApprovalGiven,
    ApprovalPassed,
    ApprovalRequested,
    Assigned,
    AssistantNamed,
    CarriedOver,
    CaseEnded,
    ChainChanged,
    Changed,
    Clarified,
    Closed,
    CommanderNamed,
    ConcernedAdded,
    ConversationBegun,
    ConversationEnded,
    DeadlineBreached,
    DeadlineCancelled,
    DeadlineExtended,
    DeadlineMet,
    DeadlineMoved,
    DeadlineSet,
    DeadlineWarned,
    Deadlocked,
    Escalated,
    Fact,
    FallbackRecorded,
    FeedbackAcknowledged,
    FeedbackRaised,
    FinalDecision,
    GoneBack,
    HandedOver,
    HandOverDue,
    HandOverMissed,
    InterestRecorded,
    Listened,
    MediationFinished,
    MediatorNamed,
    NegotiationReopened,
    Notice,
    OfferAnswered,
    OfferExpired,
    OfferMade,
    OfferWithdrawn,
    OptionsPrepared,
    Overridden,
    Paused,
    PolicyMigrated,
    PositionSet,
    QuestionAnswered,
    QuestionAsked,
    Queued,
    ReceiptCorrected,
    RecordCompleted,
    Referred,
    Released,
    Reopened,
    Resolved,
    Responded,
    Restated,
    RestatementAnswered,
    Resumed,
    StakeholderAdded,
    StakeholderInformed,
    TaskDone,
    TaskMoved,
    TaskOpened,
    TaskReported,
    TaskSigned,
    TaskUrged,
    Transferred,
    TransferReturned,
    Triaged,
    Unattended,
    VulnerabilityMarked,
    Withdrawn,
)

ClockFact: TypeAlias = (
    DeadlineSet
    | DeadlineMoved
    | DeadlineWarned
    | DeadlineMet
    | DeadlineBreached
    | DeadlineExtended
    | DeadlineCancelled
)

UnderstandingFact: TypeAlias = Listened | Restated | RestatementAnswered | FallbackRecorded

SubstanceFact: TypeAlias = Triaged | Responded | InterestRecorded | PositionSet | OptionsPrepared

ConcernedFact: TypeAlias = ConcernedAdded | ChainChanged

PeopleFact: TypeAlias = Assigned | Queued | Transferred | TransferReturned | Escalated

HandOverFact: TypeAlias = (
    HandedOver | HandOverDue | HandOverMissed | AssistantNamed | ConversationBegun | ConversationEnded
)

QuestionFact: TypeAlias = QuestionAsked | QuestionAnswered

OfferFact: TypeAlias = OfferMade | GoneBack | OfferAnswered | OfferWithdrawn | OfferExpired

SettlingFact: TypeAlias = (
    NegotiationReopened | ApologyDue | ApologyGiven | Deadlocked | MediatorNamed | MediationFinished
)

ApprovalFact: TypeAlias = ApprovalRequested | ApprovalGiven | ApprovalPassed

WorkFact: TypeAlias = Agreed | ActionCompleted | CarriedOver

TaskFact: TypeAlias = TaskOpened | TaskDone | TaskMoved | TaskReported | TaskSigned | TaskUrged

FeedbackFact: TypeAlias = FeedbackRaised | FeedbackAcknowledged

GraveFact: TypeAlias = (
    CommanderNamed | StakeholderAdded | StakeholderInformed | VulnerabilityMarked | Overridden
)

WaitFact: TypeAlias = Paused | Resumed

EndFact: TypeAlias = FinalDecision | Withdrawn | Referred | Resolved | CaseEnded | Reopened | Closed

OtherFact: TypeAlias = (
    ReceiptCorrected | RecordCompleted | Released | Notice | Clarified | Changed | Unattended | PolicyMigrated
)

CaseFact: TypeAlias = (
    ClockFact
    | SubstanceFact
    | UnderstandingFact
    | ConcernedFact
    | PeopleFact
    | HandOverFact
    | QuestionFact
    | OfferFact
    | SettlingFact
    | ApprovalFact
    | WorkFact
    | TaskFact
    | FeedbackFact
    | GraveFact
    | WaitFact
    | EndFact
    | OtherFact
)
"""Each fact that routing decides, and the two of followup that change a case: `reopened` and `closed`."""


def case_fact(fact: Fact) -> CaseFact:
    """Return the fact as one that a case takes. Raises `TypeError` for any other: none is skipped."""
    if isinstance(fact, CaseFact):
        return fact
    raise TypeError(f"a case takes no fact {fact.NAME}")
