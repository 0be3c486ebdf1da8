"""Changes of the state by each fact. No other module changes it. It never refuses and never reads a clock."""

from datetime import datetime
from typing import assert_never

from services.routing.rules.carrying import places_of
from services.routing.rules.clock_history import (
    apply_clock_fact,
    climb,
    count_from,
    released_by,
    signature_of,
)
from services.routing.rules.exits import RESPONSE
from services.routing.rules.facts import (
    ApprovalFact,
    CaseFact,
    ClockFact,
    ConcernedFact,
    EndFact,
    FeedbackFact,
    GraveFact,
    HandOverFact,
    OfferFact,
    OtherFact,
    PeopleFact,
    QuestionFact,
    SettlingFact,
    SubstanceFact,
    TaskFact,
    UnderstandingFact,
    WaitFact,
    WorkFact,
    case_fact,
)
from services.routing.rules.motives import needs_independence, revise_by_interest, revise_by_triage
from services.routing.rules.repinning import repin
from services.routing.rules.state import (
    PERSON,
    Action,
    ApologyState,
    Approval,
    CaseState,
    ChangeMade,
    DepartmentTask,
    Feedback,
    Mediation,
    Offer,
    Passed,
    Pause,
    Question,
    Restatement,
    ShiftEnd,
    StakeholderState,
    TransferProposal,
)
from shared.contract.concerned import concerned_in
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
    Deadlocked,
    Escalated,
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
from shared.contract.recorded import RecordedFact
from shared.contract.values import NOBODY, Outcome, Stage
from shared.policy.chains import Chain
from shared.policy.pinned import Pinned
from shared.policy.roster import supervises


def apply(state: CaseState, fact: CaseFact, at: datetime) -> None:
    """Make `fact`, which became true `at`, part of the state."""
    if isinstance(fact, ClockFact):
        apply_clock_fact(state, fact, at)
        return
    state.last_fact_at[fact.NAME] = at
    state.first_fact_at.setdefault(fact.NAME, at)
    if isinstance(fact, SubstanceFact):
        _substance(state, fact, at)
    elif isinstance(fact, UnderstandingFact):
        _understanding(state, fact)
    elif isinstance(fact, PeopleFact):
        _people(state, fact, at)
    elif isinstance(fact, ConcernedFact):
        _interests(state, fact)
    elif isinstance(fact, OfferFact):
        _offers(state, fact)
    elif isinstance(fact, SettlingFact):
        _settling(state, fact)
    elif isinstance(fact, ApprovalFact):
        _approvals(state, fact)
    elif isinstance(fact, WorkFact):
        _work(state, fact, at)
    elif isinstance(fact, HandOverFact):
        _handing_over(state, fact)
    elif isinstance(fact, QuestionFact):
        _questions(state, fact, at)
    elif isinstance(fact, TaskFact):
        _tasks(state, fact, at)
    elif isinstance(fact, FeedbackFact):
        _feedback(state, fact)
    elif isinstance(fact, GraveFact):
        _grave(state, fact, at)
    elif isinstance(fact, WaitFact):
        _waiting(state, fact, at)
    elif isinstance(fact, EndFact):
        _ends(state, fact, at)
    else:
        _others(state, fact, at)


def _others(state: CaseState, fact: OtherFact, at: datetime) -> None:
    match fact:
        case ReceiptCorrected():
            count_from(state, fact.received_at, at)
        case RecordCompleted():
            _record(state, fact)
        case Released():
            _released(state, fact)
        case Notice():
            state.last_notice_at[fact.template] = at
        case Changed():
            state.changes.append(ChangeMade(what=fact.what, cycle=state.cycle, at=at))
            state.place, state.failed_rounds = fact.channel or state.place, 0
            state.deadlocked = False
        case Clarified(cause_side=side):
            state.cause_side = side
        case Unattended() | PolicyMigrated():
            pass  # the instant of each is all that a case remembers; new rules come beside their fact
        case _:
            assert_never(fact)


def apply_recorded(state: CaseState, recorded: RecordedFact) -> None:
    """Apply a recorded fact with the data that is not part of the fact: the rules of a new policy."""
    state.seq = recorded.seq
    apply(state, case_fact(recorded.fact()), recorded.at)
    if recorded.pinned:
        repin(state, Pinned.model_validate(recorded.pinned), recorded.at)


def _substance(state: CaseState, fact: SubstanceFact, at: datetime) -> None:
    match fact:
        case Triaged():
            revise_by_triage(state, state.triage, fact, at)
            state.triage = fact
            apart = _too_grave(state, state.owner, fact.severity) or needs_independence(state)
            state.people.due = state.people.due or state.queued_since is not None or apart
            if fact.severity_score.table != PERSON:
                state.scored = max(state.scored, fact.severity)
                state.points = fact.severity_score.points
            if state.stage == Stage.RECORDED:
                state.stage = Stage.ANALYSING
        case Responded():
            state.responded = True
            state.queued_since = None  # who gave the answer goes on with it
        case InterestRecorded():
            state.interests.append(fact)
            revise_by_interest(state, fact, at)
            state.people.due = state.people.due or needs_independence(state)
        case PositionSet():
            state.position = fact.version
        case OptionsPrepared():
            state.shelved += state.options
            state.options, state.lists = fact.options, state.lists + 1
            state.stage = Stage.NEGOTIATING
        case _:
            assert_never(fact)


def _understanding(state: CaseState, fact: UnderstandingFact) -> None:
    match fact:
        case Listened():
            state.listened = True
        case Restated():
            state.restatements += 1
            state.restatement = Restatement(**fact.model_dump())
        case RestatementAnswered():
            if state.restatement and state.restatement.restatement_id == fact.restatement_id:
                state.restatement.confirmed = fact.confirmed
        case FallbackRecorded():
            state.fallbacks[fact.party] = fact.course
        case _:
            assert_never(fact)


def _handing_over(state: CaseState, fact: HandOverFact) -> None:
    match fact:
        case HandedOver():
            _proposed(state, fact, signed=True)
        case HandOverDue():
            state.signing = ShiftEnd(owner=fact.owner, by=fact.by)
        case HandOverMissed():
            state.signing = ShiftEnd(owner=fact.owner, by=fact.by, missed=True)
        case AssistantNamed():
            state.assistant = fact.assistant
        case ConversationBegun():
            state.conversation = fact.until
        case ConversationEnded():
            state.conversation = state.assistant = None
        case _:
            assert_never(fact)


def _proposed(state: CaseState, fact: Transferred | HandedOver, *, signed: bool) -> None:
    state.transfers += 1
    state.transfer = TransferProposal(
        transfer_id=fact.transfer_id, sender=fact.sender, to=fact.to, stage=state.stage, signed=signed
    )


def _questions(state: CaseState, fact: QuestionFact, at: datetime) -> None:
    match fact:
        case QuestionAsked(question_id=one, question=code, text_ref=ref):
            state.questions.append(Question(question_id=one, question=code, text_ref=ref, asked_at=at))
        case QuestionAnswered(question_id=one, text_ref=ref):
            next(asked for asked in state.questions if asked.question_id == one).answer_ref = ref
        case _:
            assert_never(fact)


def _record(state: CaseState, fact: RecordCompleted) -> None:
    state.completed += [field for field in fact.fields if field not in state.completed]
    state.told_remedy = fact.remedy_sought or state.told_remedy
    state.told_loss = fact.loss or state.told_loss
    state.told_group = fact.group_ref or state.told_group


def _too_grave(state: CaseState, who: str, severity: int) -> bool:
    """Whether a complaint of this severity is above what this agent may own."""
    person = state.people.roles.get(who)
    return person is not None and person.up_to < severity and not supervises(person.role)


def _interests(state: CaseState, fact: ConcernedFact) -> None:
    match fact:
        case ConcernedAdded():
            state.concerned = state.concerned.joined(concerned_in(fact))
            state.people.due = True
        case ChainChanged():
            was = Chain(lead=fact.was_lead, manager=fact.was_manager, above=fact.was_above or []).held
            now = Chain(lead=fact.lead, manager=fact.manager, above=fact.above or [])
            state.live_chain = now
            _recipients(state, {one: now.at(level) for level, one in was.items()})
        case _:
            assert_never(fact)


def _people(state: CaseState, fact: PeopleFact, at: datetime) -> None:
    match fact:
        case Assigned():
            if state.transfer and fact.why == "transfer":
                state.passed.append(Passed(cycle=state.cycle, stage=state.transfer.stage))
            state.owner, state.team, state.level = fact.owner, fact.team, fact.level
            if fact.why == "renamed":
                state.owners = [fact.owner if one == fact.previous else one for one in state.owners]
            state.owners.append(fact.owner)
            state.stands_in_for = fact.previous if fact.why == "absent" else None
            state.assigned_at = at
            state.people.due = state.people.due or state.people.timed
            state.transfer = state.signing = state.conversation = state.assistant = None
            state.queued_since = None
        case Queued():
            state.queued_since = fact.since
        case Transferred():
            _proposed(state, fact, signed=False)
        case TransferReturned():
            state.transfer = None
        case Escalated():
            state.escalations = fact.level
            if fact.obligation:
                climb(state, fact.obligation, at)
            for approval in state.approvals:
                if approval.request.request_id == fact.obligation:
                    approval.asked = fact.to
            for item in state.feedback:
                if item.feedback_id == fact.obligation:
                    item.passed_to = fact.to
            for task in state.tasks:
                if signature_of(task.task_id) == fact.obligation:
                    task.asked = fact.to
        case _:
            assert_never(fact)


def _offers(state: CaseState, fact: OfferFact) -> None:
    match fact:
        case OfferMade():
            rank = next(i for i, o in enumerate(state.options) if o.option_id == fact.option_id)
            state.offers.append(Offer(made=fact, cycle=state.cycle, rank=rank, listed=state.lists))
            state.stage = Stage.NEGOTIATING
        case OfferAnswered():
            _offer(state, fact.offer_id).status = fact.answer
            state.failed_rounds += fact.answer != "accepted"
            for one in state.changes:
                one.next_answer = one.next_answer or fact.answer
        case OfferWithdrawn():
            _offer(state, fact.offer_id).status = "withdrawn"
        case OfferExpired():
            _offer(state, fact.offer_id).status = "expired"
        case GoneBack():
            for earlier in state.offers:
                earlier.counts = False
        case _:
            assert_never(fact)


def _offer(state: CaseState, offer_id: str) -> Offer:
    return next(offer for offer in state.offers if offer.made.offer_id == offer_id)


def _settling(state: CaseState, fact: SettlingFact) -> None:
    match fact:
        case NegotiationReopened():
            state.stage, state.failed_rounds = Stage.NEGOTIATING, 0
        case ApologyDue(kind="none"):
            state.apology = None
        case ApologyDue():
            state.apology = ApologyState.model_validate(fact.model_dump(exclude={"liability", "due"}))
        case ApologyGiven():
            if state.apology:
                state.apology.given = True
        case Deadlocked():
            state.deadlocked = True
        case MediatorNamed():
            state.mediation = Mediation.model_validate(fact.model_dump(include={*Mediation.model_fields}))
            state.people.due = True
        case MediationFinished():
            state.mediation, state.deadlocked = None, fact.outcome == "failed"
        case _:
            assert_never(fact)


def _approvals(state: CaseState, fact: ApprovalFact) -> None:
    match fact:
        case ApprovalRequested():
            state.approvals.append(Approval(request=fact))
        case ApprovalGiven():
            for approval in state.approvals:
                if approval.request.request_id == fact.request_id:
                    approval.status = "granted" if fact.approved else "denied"
        case ApprovalPassed():
            for approval in state.approvals:
                if approval.request.request_id == fact.request_id:
                    approval.request = approval.request.model_copy(update={"to": fact.to})
        case _:
            assert_never(fact)


def _work(state: CaseState, fact: WorkFact, at: datetime) -> None:
    match fact:
        case Agreed():
            terms = len(state.agreements)
            state.actions += [Action(**action.model_dump(), terms=terms) for action in fact.actions]
            state.agreements.append(fact.terms)
            state.ending = "agreed"
            state.stage = Stage.IMPLEMENTING
        case ActionCompleted():
            done = next(a for a in state.actions if a.action_id == fact.action_id)
            done.evidence_ref = fact.evidence_ref
        case CarriedOver():
            _carried(state, fact, at)
        case _:
            assert_never(fact)


def _tasks(state: CaseState, fact: TaskFact, at: datetime) -> None:
    if isinstance(fact, TaskOpened):
        given = {"task_id": fact.task_id, "unit": fact.unit, "due": fact.due, "reads": fact.reads}
        state.tasks.append(DepartmentTask.model_validate(given | {"opened_at": at, "reported_at": at}))
        state.people.due = True  # those who answer for the unit are not known yet
        return
    task = next(task for task in state.tasks if task.task_id == fact.task_id)
    match fact:
        case TaskMoved():
            task.unit, task.reported_at, state.people.due = fact.unit, at, True
        case TaskReported():
            task.reported_at = at
        case TaskUrged():
            task.urged.append(fact.key)
        case TaskDone():
            task.finished, task.done = True, fact.sign_by is None
        case TaskSigned():
            task.finished = task.done = fact.accepted
            task.asked = None
            task.reported_at, task.due = at, fact.due or task.due
        case _:
            assert_never(fact)


def _carried(state: CaseState, fact: CarriedOver, at: datetime) -> None:
    """Add the open items of a duplicate; its agreement is ours where we had not begun to negotiate."""
    fresh = state.stage in (Stage.RECORDED, Stage.ANALYSING) and not state.offers
    state.carried_from.append(fact.duplicate)
    places = places_of(state.pinned.remedies, fact, len(state.agreements))
    state.agreements += fact.agreed
    state.actions += [
        Action(**action.model_dump(), terms=terms) for action, terms in zip(fact.actions, places, strict=True)
    ]
    state.tasks += [DepartmentTask(**task.model_dump(), opened_at=at, reported_at=at) for task in fact.tasks]
    state.people.due = state.people.due or bool(fact.tasks)
    ended = [Offer(made=made, cycle=state.cycle, rank=-1, status="moved") for made in fact.before]
    state.offers += [*ended, *(Offer(made=made, cycle=state.cycle, rank=-1) for made in fact.offers)]
    state.questions += [Question(**one.model_dump()) for one in fact.questions]
    if fact.actions and fresh:
        state.ending, state.stage = "agreed", Stage.IMPLEMENTING


def _released(state: CaseState, fact: Released) -> None:
    """Remove released items; an offer that was released has a fact of its own."""
    state.response_released = state.response_released or RESPONSE in fact.items
    for action in state.actions:
        action.released = action.released or action.action_id in fact.items
    for task in state.tasks:
        task.done = task.done or task.task_id in fact.items
    for approval in state.approvals:
        if approval.status == "open" and approval.request.request_id in fact.items:
            approval.status = "lapsed"
    for clock in state.present_clocks:
        if clock.open and released_by(clock, fact):
            clock.released, clock.next_step_at = True, None


def _feedback(state: CaseState, fact: FeedbackFact) -> None:
    match fact:
        case FeedbackRaised(feedback_id=name) if name:
            state.feedback.append(Feedback(feedback_id=name, trigger=fact.trigger, waiting=fact.to))
        case FeedbackAcknowledged():
            item = next(one for one in state.feedback if one.feedback_id == fact.feedback_id)
            item.waiting, item.open = fact.waiting, bool(fact.waiting)
        case _:
            pass  # feedback of an earlier release has no clock


def _grave(state: CaseState, fact: GraveFact, at: datetime) -> None:
    match fact:
        case CommanderNamed():
            state.commander = fact.commander
        case StakeholderAdded():
            state.stakeholders.append(StakeholderState(party=fact.party, why=fact.why, due=fact.due))
        case StakeholderInformed():
            known = [one for one in state.stakeholders if one.party == fact.party]
            state.stakeholders += [] if known else [StakeholderState(party=fact.party)]
            next(one for one in state.stakeholders if one.party == fact.party).informed_at = at
        case VulnerabilityMarked():
            state.vulnerable = fact.vulnerable
        case Overridden():
            state.overridden = state.cycle
        case _:
            assert_never(fact)


def _recipients(state: CaseState, successors: dict[str, str]) -> None:
    """Pass feedback that waits for a former supervisor on to the successor."""
    for item in state.feedback:
        waiting = dict.fromkeys(successors.get(one, one) for one in item.waiting)
        item.waiting = [one for one in waiting if one != NOBODY]
        item.passed_to = successors.get(item.passed_to or "", item.passed_to or "") or None


def _waiting(state: CaseState, fact: WaitFact, at: datetime) -> None:
    match fact:
        case Paused():
            state.pauses.append(Pause(start=at, until=fact.until))
            for clock in state.present_clocks:
                if clock.name in fact.obligations and clock.status == "running":
                    clock.status = "paused"
        case Resumed():
            if state.pause:
                state.pause.end = at
            for clock in state.clocks:
                if clock.status == "paused":
                    clock.status = "running"
        case _:
            assert_never(fact)


def _ends(state: CaseState, fact: EndFact, at: datetime) -> None:
    if isinstance(fact, Resolved | Withdrawn | Referred | CaseEnded):
        _lapse(state)
    match fact:
        case FinalDecision():
            state.ending = "decided"
        case Withdrawn():
            state.ending, state.stage = "withdrawn", Stage.FOLLOWING_UP
        case Referred():
            state.ending, state.stage = "referred", Stage.FOLLOWING_UP
        case Resolved():
            state.stage = Stage.FOLLOWING_UP
        case CaseEnded():
            state.stage, state.outcome = Stage.FOLLOWING_UP, Outcome.MERGED
            state.merged_into = fact.into
            for offer in state.open_offers:
                offer.status = "moved"
        case Reopened():
            _next_cycle(state, fact.to_cycle, at)
        case Closed():
            state.stage, state.outcome = Stage.CLOSED, fact.outcome
        case _:
            assert_never(fact)


def _lapse(state: CaseState) -> None:
    """Let open requests, and feedback that was not acknowledged, lapse."""
    state.transfer = state.conversation = state.queued_since = state.mediation = None
    state.deadlocked = False
    for approval in state.approvals:
        if approval.status == "open":
            approval.status = "lapsed"
    for item in state.feedback:
        item.open = False


def _next_cycle(state: CaseState, cycle: int, at: datetime) -> None:
    """Begin a new cycle: its own clocks, its own answer; the ledger of offers and the interests stay."""
    state.cycle = cycle
    state.last_fact_at, state.first_fact_at, state.last_notice_at = {Reopened.NAME: at}, {}, {}
    state.stage = Stage.ANALYSING
    state.responded = state.response_released = state.listened = False
    state.restatement = None
    state.agreements = []
    state.options = []
    state.shelved = []
    state.actions = []
    state.ending = state.apology = None
    state.escalations = state.failed_rounds = 0
