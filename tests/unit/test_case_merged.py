"""A case whose complaint was merged into another: its clocks end, and nothing more comes of it."""

from datetime import timedelta

import pytest

from services.console.audit.reconciler.views import recorded
from services.routing.case import Case
from services.routing.view import next_obligation, view
from shared.contract.errors import ErrorCode
from shared.contract.events import CaseEnded, DeadlineBreached, DeadlineCancelled, Merged
from shared.contract.values import Outcome, Stage
from tests.unit.cases import DECIDED, MONDAY, Playing, names, play
from tests.unit.certified import timeline, verified

SURVIVOR = "Cbbbbbbbbbbbbbbb"
MERGED = Merged(into=SURVIVOR)


def _at(case: Playing, stage: str) -> Playing:
    """A case that has come so far."""
    match stage:
        case "answered":
            case.owner("respond", kind="plan", text="t", promise_by=MONDAY + timedelta(days=2))
        case "offered":
            case.ready_to_offer().offered()
        case "agreed":
            case.agreed()
        case "waiting":
            case.owner("pause", reason="r", until=case.now + timedelta(days=1))
            case.later(hours=2)
        case "breached":
            case.later(hours=30)
        case "resolved":
            case.resolved()
        case "begun again":
            case.resolved()
            case.later(days=7)
            case.reopen()
    return case


STAGES = ["fresh", "answered", "offered", "agreed", "waiting", "breached", "resolved", "begun again"]


@pytest.mark.parametrize("stage", STAGES)
def test_every_open_obligation_of_a_merged_complaint_ends_with_the_reason_merged(stage: str) -> None:
    case = _at(play(), stage)
    running = {c.name for c in case.case.state.present_clocks if c.status in ("running", "paused")}
    heard = case.receive(MERGED)
    cancelled = [one.fact() for one in heard if one.name == "deadline_cancelled"]
    assert {fact.obligation for fact in cancelled if isinstance(fact, DeadlineCancelled)} == running
    assert {fact.reason for fact in cancelled if isinstance(fact, DeadlineCancelled)} <= {"merged"}
    assert case.last(CaseEnded).into == SURVIVOR
    assert (case.case.state.stage, case.case.state.outcome) == (Stage.FOLLOWING_UP, Outcome.MERGED)
    assert case.case.next_due is None
    assert next_obligation(case.case.state) == (None, None)
    assert case.later(days=60) == []


@pytest.mark.parametrize("stage", STAGES)
def test_the_verifier_and_the_reconciler_agree_with_the_end_of_a_merged_complaint(stage: str) -> None:
    case = _at(play(), stage)
    case.receive(MERGED)
    case.close("merged")
    assert [verdict for verdict in verified(case) if not verdict.ok] == []
    facts = recorded(timeline(case))
    assert facts.following_up
    row = {(one.obligation, one.cycle): one.status for one in view(case.case.state).obligations}
    assert {key: deadline.status for key, deadline in facts.deadlines.items()} == row


def test_a_repeated_merging_makes_no_fact() -> None:
    case = play()
    case.receive(MERGED)
    assert case.receive(MERGED) == []
    case.close("merged")
    assert case.receive(MERGED) == []


def test_an_open_offer_goes_on_in_the_survivor() -> None:
    case = _at(play(), "offered")
    heard = case.receive(MERGED)
    assert names(heard)[0] == "case_ended"
    moved = case.last(CaseEnded).moved
    assert moved is not None
    assert [offer.offer_id for offer in moved.offers] == ["offer-1"]
    assert case.case.state.open_offers == []


def test_a_merged_case_takes_no_command_and_is_not_reopened() -> None:
    case = _at(play(), "resolved")
    case.receive(MERGED)
    assert not set(view(case.case.state).allowed) & DECIDED
    assert case.refused(case.owned_by, "respond", kind="plan", text="t").code == ErrorCode.NOT_ALLOWED_NOW
    assert case.reopen() == []
    assert case.case.state.cycle == 1


def test_a_deadline_that_ran_out_before_the_merging_is_breached_all_the_same() -> None:
    case = play()
    case.now += timedelta(hours=25)
    heard = names(case.receive(MERGED))
    assert heard.index("deadline_breached") < heard.index("case_ended")
    assert "response_24h" in {fact.obligation for fact in case.all(DeadlineBreached)}


def test_a_late_merging_is_not_dated_before_the_facts_published_meanwhile() -> None:
    case = play()
    merged_at = case.now
    case.later(minutes=5)
    case.owner("respond", kind="plan", text="t")
    case.case.receive(MERGED, merged_at)
    ended = [fact.at for fact in case.case.take_new_facts() if fact.name == "case_ended"]
    assert ended == [case.now]


def test_a_merged_case_is_rebuilt_from_its_facts() -> None:
    case = _at(play(), "offered")
    case.receive(MERGED)
    rebuilt = Case.rebuilt(case.opening, case.recorded).state
    assert rebuilt == case.case.state
