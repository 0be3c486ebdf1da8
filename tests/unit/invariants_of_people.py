"""Invariants: exactly one owner, never a person complained about; two persons where two are required."""

from collections import Counter
from collections.abc import Iterator

from shared.contract.concerned import concerned_in
from shared.contract.events import (
    ActionCompleted,
    ApprovalGiven,
    ApprovalPassed,
    ApprovalRequested,
    Assigned,
    AssistantNamed,
    CaseEnded,
    ChainChanged,
    Closed,
    ConcernedAdded,
    ConversationBegun,
    ConversationEnded,
    DeadlineExtended,
    DeadlineSet,
    DeadlineWarned,
    Escalated,
    Fact,
    HandedOver,
    InterestRecorded,
    OptionsPrepared,
    QuestionAnswered,
    QuestionAsked,
    Queued,
    Referred,
    Reopened,
    Resolved,
    Responded,
    TaskMoved,
    Transferred,
    TransferReturned,
    Triaged,
    Withdrawn,
)
from shared.contract.values import CUSTOMER, MOTIVES, SYSTEM, Actor, MotiveGuess, Party
from shared.policy.roster import supervises
from tests.unit.case_story import Story, TriageInput


def owners(story: Story) -> Iterator[tuple[TriageInput, str | None]]:
    """Facts, each with the owner just before it."""
    owner: str | None = None
    for one in story.told:
        yield one, owner
        if isinstance(one.fact, Assigned):
            owner = one.fact.owner


def exactly_one_owner(story: Story) -> None:
    """Exactly one owner from the second fact on; each change names the former owner without a gap."""
    assert isinstance(story.told[0].fact, Triaged)
    assert isinstance(story.told[1].fact, Assigned)
    for one, owner in owners(story):
        match one.fact:
            case Assigned(previous=previous, why=why):
                assert previous == owner
                assert (why == "triage") == (owner is None)
            case DeadlineWarned(to=to):
                assert to == owner
            case Resolved(owner=said):
                assert said == owner
            case Responded() | OptionsPrepared() | ActionCompleted():
                assert one.actor.id == owner
            case InterestRecorded(party=party):
                assert one.actor.id == owner or (one.actor.id, party) == (CUSTOMER, Party.CUSTOMER)


def owner_is_never_the_one_complained_about(story: Story) -> None:
    for one in story.told:
        match one.fact:
            case Assigned(owner=person) | Transferred(to=person) | Escalated(to=person):
                assert person not in story.concerned(), person
            case ChainChanged(lead=lead, manager=manager):
                assert not {lead, manager} & story.concerned()
            case ApprovalPassed(to=person):
                assert person not in story.concerned()
            case TaskMoved(unit=unit):
                assert unit not in story.about.units
            case ConcernedAdded():
                story.about = story.about.joined(concerned_in(one.fact))
    story.about = story.from_the_start


def nobody_concerned_does_anything(story: Story) -> None:
    """Persons named as concerned do nothing from that fact on; what fell due has no actor."""
    for one in story.told:
        assert one.actor.id not in story.concerned(), one
        if isinstance(one.fact, ConcernedAdded):
            story.about = story.about.joined(concerned_in(one.fact))
    story.about = story.from_the_start


def whoever_is_named_loses_the_complaint_at_once(story: Story) -> None:
    """No fact of a later instant finds them as the owner."""
    owner, named_at = "", story.opened_at
    for one in story.told:
        if one.at > named_at:
            assert owner not in story.concerned(), (owner, one)
        match one.fact:
            case Assigned():
                owner = one.fact.owner
            case ConcernedAdded():
                story.about, named_at = story.about.joined(concerned_in(one.fact)), one.at
    story.about = story.from_the_start


def owner_changes_only_in_three_ways(story: Story) -> None:
    """Owner changes are: an accepted transfer, an escalation, a reopening; a conflict of interest; or the end
    of a wait in the queue, which no answer and no other owner ended before.
    """
    proposed: Transferred | HandedOver | None = None
    queued: Queued | None = None
    before: Fact | None = None
    for one in story.told:
        match one.fact:
            case Transferred() | HandedOver():
                proposed = one.fact
            case TransferReturned():
                proposed = None
            case Queued(to=lead):
                queued = one.fact
                assert supervises(story.person(lead).role)
            case Responded() | Resolved():
                queued = None
            case Assigned(why="queue", previous=previous):
                assert queued is not None
                assert queued.to == previous
                queued = proposed = None
            case Assigned(why="transfer" | "hand_over" as why, owner=owner):
                assert proposed is not None
                assert isinstance(proposed, HandedOver) == (why == "hand_over")
                assert owner == proposed.to == one.actor.id
                proposed = None
            case Assigned(why="escalation", owner=owner):
                assert isinstance(before, Escalated)
                assert before.to == owner
                assert supervises(story.person(owner).role)
                proposed = None
            case Assigned(why="reopening", owner=owner):
                assert isinstance(before, Reopened)
                assert supervises(story.person(owner).role)
                proposed = None
        before = one.fact


def a_reopening_brings_another_owner(story: Story) -> None:
    for one, owner in owners(story):
        if isinstance(one.fact, Assigned) and one.fact.why == "reopening":
            assert one.fact.owner != owner


def nobody_gets_it_back_but_by_a_supervisor(story: Story) -> None:
    had: set[str] = set()
    proposer: Actor | None = None
    helped: tuple[str | None, Actor | None] = None, None
    for one in story.told:
        match one.fact:
            case AssistantNamed(assistant=helper):
                helped = helper, helped[1] if one.actor == SYSTEM else one.actor
            case HandedOver(to=to) if to == helped[0]:
                proposer, helped = helped[1], (None, None)
            case Transferred() | HandedOver():
                proposer = one.actor
            case Assigned(owner=owner, why=why):
                if owner in had and why in ("transfer", "hand_over"):
                    assert proposer is not None
                    assert supervises(proposer.role)
                had.add(owner)


def a_stage_has_no_more_transfers_than_the_policy_allows_without_a_lead(story: Story) -> None:
    most = story.pack.limits.transfers_per_stage
    assert most is not None
    accepted: Counter[tuple[int, str]] = Counter()
    proposed: TriageInput | None = None
    for one in story.told:
        match one.fact:
            case HandedOver():
                proposed = None
            case Transferred():
                proposed = one
                if not supervises(one.actor.role):
                    assert accepted[one.cycle, one.stage] < most
            case Assigned(why="transfer"):
                assert proposed is not None
                accepted[proposed.cycle, proposed.stage] += 1


def no_owner_changes_by_consent_in_a_conversation(story: Story) -> None:
    until = story.opened_at
    for one in story.told:
        match one.fact:
            case ConversationBegun():
                until = one.fact.until
            case ConversationEnded():
                until = one.at
            case AssistantNamed():
                assert one.at < until
            case HandedOver():
                assert one.at >= until
            case Assigned(why=why):
                assert why not in ("transfer", "hand_over") or one.at >= until
                until = min(until, one.at)


def nobody_asks_the_complainant_twice(story: Story) -> None:
    """Neither what was asked by a code before, nor what an answer has brought; each is answered once."""
    asked: list[str] = []
    waiting: set[str] = set()
    for one in story.told:
        match one.fact:
            case QuestionAsked(question_id=question_id, question=code):
                assert code not in asked
                asked += [code] if code else []
                waiting.add(question_id)
            case QuestionAnswered(question_id=question_id):
                waiting.remove(question_id)


def approvals_are_given_once_by_another(story: Story) -> None:
    asked: dict[str, Actor] = {}
    for one in story.told:
        match one.fact:
            case ApprovalRequested(request_id=request_id, asked_by=asked_by, to=to):
                assert asked_by == one.actor.id
                assert to != asked_by
                asked[request_id] = one.actor
            case ApprovalGiven(request_id=request_id, approved=approved):
                own = asked.pop(request_id).id == one.actor.id
                assert not (own and approved), "whoever asks may only take it back"
                assert own or supervises(one.actor.role)
            case Reopened():
                asked.clear()


def escalation_levels_grow(story: Story) -> None:
    level = 0
    for one in story.told:
        match one.fact:
            case Reopened():
                level = 0
            case Escalated():
                assert one.fact.level == level + 1
                level += 1


def safety_is_lowered_by_two(story: Story) -> None:
    safety = False
    asked: dict[str, Actor] = {}
    given: TriageInput | None = None
    for one in story.told:
        match one.fact:
            case ApprovalRequested(what="safety_downgrade"):
                asked[one.fact.request_id] = one.actor
            case Triaged():
                if safety and not one.fact.safety:
                    assert given is not None
                    assert isinstance(given.fact, ApprovalGiven)
                    assert given.fact.approved
                    assert given.at == one.at
                    assert asked[given.fact.request_id].id != one.actor.id
                safety = one.fact.safety
            case ApprovalGiven():
                given = one


def severity_is_lowered_by_two(story: Story) -> None:
    """Only a granted request of another person lowers a severity."""
    severity = 0
    asked: dict[str, Actor] = {}
    given: TriageInput | None = None
    for one in story.told:
        match one.fact:
            case ApprovalRequested(what="safety_downgrade" | "severity_downgrade"):
                asked[one.fact.request_id] = one.actor
            case ApprovalGiven():
                given = one
            case Triaged():
                if one.fact.severity < severity:
                    assert given is not None
                    assert isinstance(given.fact, ApprovalGiven)
                    assert given.fact.approved
                    assert given.at == one.at
                    assert asked[given.fact.request_id].id != one.actor.id
                severity = one.fact.severity


def harassment_is_set_by_two(story: Story) -> None:
    """Only a granted request of another person marks conduct as harassment, and for a limited time."""
    marked: MotiveGuess | None = None
    asked: dict[str, Actor] = {}
    given: TriageInput | None = None
    for one in story.told:
        match one.fact:
            case ApprovalRequested(what="harassment"):
                asked[one.fact.request_id] = one.actor
            case ApprovalGiven():
                given = one
            case Triaged(motives=motives):
                mark = next((guess for guess in motives if guess.motive == "harassment"), None)
                if mark and mark != marked:
                    assert given is not None
                    assert isinstance(given.fact, ApprovalGiven)
                    assert given.fact.approved
                    assert given.at == one.at
                    assert asked[given.fact.request_id].id != one.actor.id
                    assert mark.until
                    assert mark.until > one.at
                marked = mark
    if marked and marked.until and not over(story):
        assert story.told[-1].at <= marked.until


def over(story: Story) -> bool:
    """Whether the last stage is past the handling: then no clock of the case runs."""
    ends = (Resolved, Withdrawn, Referred, CaseEnded, Closed)
    return any(isinstance(one.fact, ends) for one in story.told)


def a_plan_answers_a_motive_or_says_why(story: Story) -> None:
    """Alternatives answer a motive that was known, or have a reason."""
    motives: set[str] = set()
    before: list[MotiveGuess] = []
    for one in story.told:
        match one.fact:
            case Triaged() if one.fact.motives != before or one.seq == 1:
                before = one.fact.motives
                motives = {guess.motive for guess in one.fact.motives} - {"harassment"}
            case InterestRecorded(party="customer", interest=interest):
                motives |= {*MOTIVES[interest]}
            case OptionsPrepared(why_ref=None, options=options):
                remedies = {remedy.id: remedy.answers for remedy in story.pack.remedies}
                answered = {motive for option in options for motive in remedies[option.remedy]}
                assert not motives or motives & answered


def a_second_extension_takes_two(story: Story) -> None:
    """Further extensions need another person: above the asker, or for a manager another supervisor."""
    extended: set[str] = set()
    asked: dict[str, tuple[Actor, str]] = {}
    given: TriageInput | None = None
    for one in story.told:
        match one.fact:
            case DeadlineSet(obligation=name):
                extended.discard(name)
            case ApprovalRequested(what="extension"):
                asked[one.fact.request_id] = one.actor, one.fact.to
            case ApprovalGiven():
                given = one
            case DeadlineExtended(obligation=name) if name in extended:
                assert given is not None
                assert isinstance(given.fact, ApprovalGiven)
                assert (given.fact.approved, given.at, given.actor) == (True, one.at, one.actor)
                asker, to = asked[given.fact.request_id]
                assert one.actor.id != asker.id
                assert one.actor.id == to or asker.role == "manager" or _above(one.actor, asker)
            case DeadlineExtended(obligation=name):
                extended.add(name)


def _above(one: Actor, other: Actor) -> bool:
    rank = ("agent", "lead", "manager")
    return rank.index(one.role) > rank.index(other.role)


INVARIANTS = (
    exactly_one_owner,
    owner_is_never_the_one_complained_about,
    nobody_concerned_does_anything,
    whoever_is_named_loses_the_complaint_at_once,
    owner_changes_only_in_three_ways,
    a_reopening_brings_another_owner,
    nobody_gets_it_back_but_by_a_supervisor,
    a_stage_has_no_more_transfers_than_the_policy_allows_without_a_lead,
    no_owner_changes_by_consent_in_a_conversation,
    nobody_asks_the_complainant_twice,
    approvals_are_given_once_by_another,
    escalation_levels_grow,
    safety_is_lowered_by_two,
    severity_is_lowered_by_two,
    harassment_is_set_by_two,
    a_plan_answers_a_motive_or_says_why,
    a_second_extension_takes_two,
)
