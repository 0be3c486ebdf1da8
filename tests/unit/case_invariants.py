"""What must hold in every history of a complaint (design: The case), read from its facts alone.

Each function takes the whole story so far and asserts one thing. None looks at the case's own state.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from shared.contract.events import (
    ActionCompleted,
    Agreed,
    ApprovalGiven,
    ApprovalRequested,
    Assigned,
    Closed,
    DeadlineBreached,
    DeadlineCancelled,
    DeadlineExtended,
    DeadlineFact,
    DeadlineMet,
    DeadlineMoved,
    DeadlineSet,
    DeadlineWarned,
    Escalated,
    Fact,
    FinalDecision,
    InterestRecorded,
    OfferAnswered,
    OfferExpired,
    OfferMade,
    OfferWithdrawn,
    OptionsPrepared,
    Paused,
    Referred,
    Reopened,
    Resolved,
    Responded,
    Resumed,
    Transferred,
    TransferReturned,
    Triaged,
    Withdrawn,
)
from shared.contract.recorded import RecordedFact
from shared.contract.values import SYSTEM, Actor, Money, Party
from shared.policy.models import SUPERVISORS, Pack, Staff

LONGEST_PAUSE = timedelta(days=14)


@dataclass(frozen=True)
class Told:
    """One fact of the story: routing's own, or (seq 0) one that it heard from follow-up."""

    fact: Fact
    at: datetime
    cycle: int
    seq: int
    actor: Actor


@dataclass
class Story:
    """The facts of a complaint in the order in which they happened, and whom and what it is about."""

    pack: Pack
    about_staff: str | None
    unit: str | None
    opened_at: datetime
    told: list[Told]
    now: datetime

    def tell(self, recorded: RecordedFact) -> None:
        self.told.append(Told(recorded.fact(), recorded.at, recorded.cycle, recorded.seq, recorded.actor))

    def person(self, staff_id: str) -> Staff:
        return next(person for person in self.pack.staff if person.id == staff_id)


def seq_has_no_gaps(story: Story) -> None:
    numbers = [one.seq for one in story.told if one.seq]
    assert numbers == list(range(1, len(numbers) + 1))


def times_never_decrease(story: Story) -> None:
    """Only what was missed before we knew of the complaint is dated before its neighbours."""
    known = [
        one
        for one in story.told
        if not (isinstance(one.fact, DeadlineBreached) and one.fact.late_registration)
    ]
    for before, after in pairwise(known):
        assert before.at <= after.at, (before, after)


def owners(story: Story) -> Iterator[tuple[Told, str | None]]:
    """Every fact, with the one who was accountable just before it."""
    owner: str | None = None
    for one in story.told:
        yield one, owner
        if isinstance(one.fact, Assigned):
            owner = one.fact.owner


def exactly_one_owner(story: Story) -> None:
    """From the second fact on there is one, and who follows whom is said without a gap."""
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
            case Responded() | OptionsPrepared() | InterestRecorded() | ActionCompleted():
                assert one.actor.id == owner


def owner_is_never_the_one_complained_about(story: Story) -> None:
    for one in story.told:
        match one.fact:
            case Assigned(owner=person) | Transferred(to=person) | Escalated(to=person):
                assert person != story.about_staff
                assert story.unit is None or story.person(person).team != story.unit, person


def owner_changes_only_in_three_ways(story: Story) -> None:
    """An accepted transfer, an escalation, a reopening."""
    proposed: Transferred | None = None
    before: Fact | None = None
    for one in story.told:
        match one.fact:
            case Transferred():
                proposed = one.fact
            case TransferReturned():
                proposed = None
            case Assigned(why="transfer", owner=owner):
                assert proposed is not None
                assert owner == proposed.to == one.actor.id
                proposed = None
            case Assigned(why="escalation", owner=owner):
                assert isinstance(before, Escalated)
                assert before.to == owner
                assert story.person(owner).role in SUPERVISORS
                proposed = None
            case Assigned(why="reopening", owner=owner):
                assert isinstance(before, Reopened)
                assert story.person(owner).role in SUPERVISORS
                proposed = None
        before = one.fact


def a_reopening_brings_another_owner(story: Story) -> None:
    for one, owner in owners(story):
        if isinstance(one.fact, Assigned) and one.fact.why == "reopening":
            assert one.fact.owner != owner


def nobody_gets_it_back_but_by_a_supervisor(story: Story) -> None:
    had: set[str] = set()
    proposer: Actor | None = None
    for one in story.told:
        match one.fact:
            case Transferred():
                proposer = one.actor
            case Assigned(owner=owner, why=why):
                if owner in had and why == "transfer":
                    assert proposer is not None
                    assert proposer.role in SUPERVISORS
                had.add(owner)


def no_offer_without_its_gates(story: Story) -> None:
    responded, interest, options = False, False, OptionsPrepared(options=[])
    for one in story.told:
        match one.fact:
            case Reopened():
                responded, options = False, OptionsPrepared(options=[])
            case Responded():
                responded = True
            case InterestRecorded(party=Party.CUSTOMER, confirmed=True):
                interest = True
            case OptionsPrepared():
                options = one.fact
            case OfferMade() as made:
                assert responded
                assert interest
                assert len({option.option_id for option in options.options}) >= 2
                terms = (made.option_id, made.remedy, made.amount)
                assert terms in [(o.option_id, o.remedy, o.amount) for o in options.options]


def standards_are_cited(story: Story) -> None:
    known = {(standard.id, standard.version) for standard in story.pack.standards}
    for one in story.told:
        match one.fact:
            case OfferMade(standards=cited) | FinalDecision(standards=cited):
                assert cited
                assert {(ref.id, ref.version) for ref in cited} <= known


def _may(story: Story, who: Actor, amount: Money | None) -> bool:
    limits = story.pack.authority.get(who.role, {})  # type: ignore[call-overload]
    return amount is None or Decimal(amount.value) <= limits.get(str(amount.currency), Decimal(-1))


def no_offer_above_authority(story: Story) -> None:
    """Within the actor's own limit, or right after the consent of another who has that limit."""
    asked: dict[str, tuple[ApprovalRequested, Actor]] = {}
    before: Fact | None = None
    for one in story.told:
        match one.fact:
            case ApprovalRequested():
                asked[one.fact.request_id] = one.fact, one.actor
            case OfferMade(amount=amount, option_id=option_id):
                assert _may(story, one.actor, amount)
                if isinstance(before, ApprovalGiven):
                    request, asker = asked[before.request_id]
                    assert before.approved
                    assert request.what == "offer"
                    assert (request.option_id, request.amount) == (option_id, amount)
                    assert asker.id != one.actor.id
        before = one.fact


def approvals_are_given_once_by_another(story: Story) -> None:
    asked: dict[str, Actor] = {}
    for one in story.told:
        match one.fact:
            case ApprovalRequested(request_id=request_id, asked_by=asked_by, to=to):
                assert asked_by == one.actor.id
                assert to != asked_by
                assert to != story.about_staff
                asked[request_id] = one.actor
            case ApprovalGiven(request_id=request_id):
                assert asked.pop(request_id).id != one.actor.id
                assert one.actor.role in SUPERVISORS
                assert one.actor.id != story.about_staff
            case Reopened():
                asked.clear()


def offers_never_get_worse(story: Story) -> None:
    best: dict[str, Decimal] = {}
    for one in story.told:
        if isinstance(one.fact, OfferMade) and one.fact.amount:
            currency, amount = str(one.fact.amount.currency), Decimal(one.fact.amount.value)
            assert amount >= best.get(currency, amount)
            best[currency] = amount


def an_offer_ends_once(story: Story) -> None:
    """One is open at a time; answered, expired or withdrawn, it is never answered again."""
    open_one: OfferMade | None = None
    for one in story.told:
        match one.fact:
            case OfferMade():
                assert open_one is None
                open_one = one.fact
            case OfferAnswered(offer_id=offer_id):
                assert open_one is not None
                assert open_one.offer_id == offer_id
                assert one.at < open_one.expires_at
                open_one = None
            case OfferWithdrawn(offer_id=offer_id):
                assert open_one is not None
                assert open_one.offer_id == offer_id
                open_one = None
            case OfferExpired(offer_id=offer_id):
                assert open_one is not None
                assert open_one.offer_id == offer_id
                assert one.at == open_one.expires_at
                open_one = None
            case Resolved() | Withdrawn() | Referred() | Closed():
                assert open_one is None
    assert open_one is None or story.now < open_one.expires_at


def agreed_only_by_acceptance(story: Story) -> None:
    accepted: str | None = None
    for one in story.told:
        match one.fact:
            case OfferAnswered(answer=answer, offer_id=offer_id):
                accepted = offer_id if answer == "accepted" else None
            case Agreed(offer_id=offer_id, actions=actions):
                assert offer_id == accepted
                assert actions
                accepted = None
    assert accepted is None


def resolved_only_when_done_or_decided(story: Story) -> None:
    owed: set[str] = set()
    agreed = decided = False
    for one in story.told:
        match one.fact:
            case Reopened():
                owed, agreed, decided = set(), False, False
            case Agreed(actions=actions):
                agreed, owed = True, {action.action_id for action in actions}
            case ActionCompleted(action_id=action_id, evidence_ref=evidence):
                assert evidence
                owed.remove(action_id)
            case FinalDecision(recourse=recourse, text_ref=reasons):
                assert recourse
                assert reasons
                decided = True
            case Resolved(outcome="agreed"):
                assert agreed
                assert not owed
            case Resolved(outcome="decided"):
                assert decided


def each_obligation_ends_one_way(story: Story) -> None:
    """Met, or breached and perhaps met late, or cancelled: once, per name and cycle. None is missed."""
    status: dict[tuple[str, int], str] = {}
    due: dict[tuple[str, int], datetime] = {}
    warned: set[tuple[str, int, int]] = set()
    for one in story.told:
        if not isinstance(one.fact, DeadlineFact):
            continue
        key = one.fact.obligation, one.cycle
        before = status.get(key)
        match one.fact:
            case DeadlineSet(due=at):
                assert before is None, key
                status[key], due[key] = "running", at
            case DeadlineMoved(due=at) | DeadlineExtended(due=at):
                assert before == "running", (key, before)
                assert one.fact.was == due[key]
                assert at >= one.at
                due[key] = at
            case DeadlineWarned(percent=percent, due=at):
                assert before == "running", (key, before)
                assert at == due[key]
                assert one.at <= at
                assert (*key, percent) not in warned
                warned.add((*key, percent))
            case DeadlineBreached(due=at):
                assert before == "running", (key, before)
                assert one.at == at == due[key]
                assert one.fact.late_registration == (at < story.opened_at)
                status[key] = "breached"
            case DeadlineMet(late=late):
                assert before == ("breached" if late else "running"), (key, before)
                status[key] = "met_late" if late else "met"
            case DeadlineCancelled():
                assert before == "running", (key, before)
                assert one.fact.reason
                status[key] = "cancelled"
    paused = _paused(story)
    for key, state in status.items():
        assert state != "running" or key[0] in paused or due[key] > story.now, key


def _paused(story: Story) -> set[str]:
    stopped: set[str] = set()
    for one in story.told:
        match one.fact:
            case Paused(obligations=names):
                stopped = set(names)
            case DeadlineSet(obligation=name) if stopped:
                stopped.discard(name)
            case Resumed():
                stopped = set()
    return stopped


def nothing_runs_once_it_is_over(story: Story) -> None:
    """Resolved, withdrawn or referred: no clock of that cycle runs on."""
    running: set[str] = set()
    ended = False
    for one in story.told:
        match one.fact:
            case DeadlineSet(obligation=name):
                running.add(name)
            case DeadlineMet(obligation=name) | DeadlineCancelled(obligation=name):
                running.discard(name)
            case DeadlineBreached(obligation=name):
                running.discard(name)
            case Resolved() | Withdrawn() | Referred():
                ended = True
            case Reopened() | Closed():
                assert not running
                ended = False
    assert not (ended and running), running


def the_24_hour_rule_asks_for_a_response(story: Story) -> None:
    """Exactly 24 hours; met by `responded` alone; neither moved, extended nor paused."""
    for one in story.told:
        if isinstance(one.fact, Paused | Resumed):
            assert "response_24h" not in one.fact.obligations
        if not isinstance(one.fact, DeadlineFact) or one.fact.obligation != "response_24h":
            continue
        match one.fact:
            case DeadlineSet():
                assert one.fact.due - one.fact.started_at == timedelta(hours=24)
            case DeadlineMet():
                assert one.fact.by_fact == "responded"
            case _:
                assert not isinstance(one.fact, DeadlineMoved | DeadlineExtended)


def escalation_levels_grow(story: Story) -> None:
    level = 0
    for one in story.told:
        match one.fact:
            case Reopened():
                level = 0
            case Escalated():
                assert one.fact.level == level + 1
                level += 1


def pauses_are_closed(story: Story) -> None:
    """A wait has an end that is known, is over in time, and never outlives the handling (peers 19, 28)."""
    until: datetime | None = None
    for one in story.told:
        match one.fact:
            case Paused():
                assert until is None
                until = one.fact.until
                assert one.at < until <= one.at + LONGEST_PAUSE
            case Resumed():
                assert until is not None
                assert one.at <= until
                until = None
            case DeadlineBreached() if until and not one.fact.late_registration:
                assert one.fact.obligation not in _paused_at(story, one)
            case Resolved() | Withdrawn() | Referred() | Closed() | Reopened():
                assert until is None
    assert until is None or story.now < until


def _paused_at(story: Story, moment: Told) -> set[str]:
    index = story.told.index(moment)
    return _paused(Story(story.pack, None, None, story.opened_at, story.told[:index], moment.at))


def safety_is_lowered_by_two(story: Story) -> None:
    safety = False
    asked: dict[str, Actor] = {}
    before: Told | None = None
    for one in story.told:
        match one.fact:
            case ApprovalRequested(what="safety_downgrade"):
                asked[one.fact.request_id] = one.actor
            case Triaged():
                if safety and not one.fact.safety:
                    assert before is not None
                    assert isinstance(before.fact, ApprovalGiven)
                    assert before.fact.approved
                    assert asked[before.fact.request_id].id != one.actor.id
                safety = one.fact.safety
        before = one


def nothing_after_the_end(story: Story) -> None:
    """After `closed` no fact; after `resolved` and its like only what follows from it at that instant."""
    over: datetime | None = None
    closed = False
    for one in story.told:
        assert not closed, one
        match one.fact:
            case Closed():
                closed = True
            case Reopened():
                over = None
            case Resolved() | Withdrawn() | Referred():
                assert over is None
                over = one.at
            case _ if over:
                assert isinstance(one.fact, DeadlineMet | DeadlineCancelled)
                assert one.at == over
                assert one.actor == SYSTEM


INVARIANTS: tuple[Callable[[Story], None], ...] = (
    seq_has_no_gaps,
    times_never_decrease,
    exactly_one_owner,
    owner_is_never_the_one_complained_about,
    owner_changes_only_in_three_ways,
    a_reopening_brings_another_owner,
    nobody_gets_it_back_but_by_a_supervisor,
    no_offer_without_its_gates,
    standards_are_cited,
    no_offer_above_authority,
    approvals_are_given_once_by_another,
    offers_never_get_worse,
    an_offer_ends_once,
    agreed_only_by_acceptance,
    resolved_only_when_done_or_decided,
    each_obligation_ends_one_way,
    nothing_runs_once_it_is_over,
    the_24_hour_rule_asks_for_a_response,
    escalation_levels_grow,
    pauses_are_closed,
    safety_is_lowered_by_two,
    nothing_after_the_end,
)
