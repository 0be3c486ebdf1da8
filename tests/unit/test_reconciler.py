"""By whatever a complaint could be forgotten, one look at facts, row and workflow says so."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from temporalio.client import Client as Temporal

from services.console.audit.reconciler.comparing import findings
from services.console.audit.reconciler.gathering import Sources
from services.console.audit.reconciler.views import Deadline, RowView, StreamView, WorkflowView, recorded, row
from services.routing.view import view
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.outgoing import encode
from shared.contract.queries import Kept, QueryReply
from tests.unit.cases import Playing, play
from tests.unit.certified import timeline

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def of(case: Playing) -> tuple[StreamView, RowView, WorkflowView]:
    """The three views of a case that is well."""
    seq = case.case.state.seq
    kept = Kept(facts=seq, last=seq, missing_policies=[])
    state = view(case.case.state).model_copy(update={"seq": seq, "kept": kept})
    due = case.case.next_due
    workflow = WorkflowView(True, True, case.case.state.seq, due, (due,) if due else ())
    return recorded(timeline(case)), row(state.model_dump(mode="json")), workflow


def look(
    facts: StreamView | None, there: RowView | None, workflow: WorkflowView | None, now: datetime
) -> list[str]:
    return list(findings(facts, there, workflow, now))


def running() -> Playing:
    case = play()
    case.later(hours=3)
    return case


@pytest.mark.parametrize(
    "step", ["new", "late", "paused", "resumed", "agreed", "resolved", "reopened", "withdrawn"]
)
def test_a_case_that_is_well_has_nothing_to_report(step: str) -> None:
    case = running()
    match step:
        case "late":
            case.later(days=60)
        case "paused" | "resumed":
            case.owner("pause", reason="r")
            case.owner("open_task", unit="u", text="t", due=(case.now + 5 * HOUR).isoformat())
            case.later(days=2)
            if step == "resumed":
                case.owner("resume", reason="r")
        case "agreed":
            case.agreed()
        case "resolved":
            case.resolved()
        case "reopened":
            case.resolved()
            case.later(days=8)
            case.reopen()
        case "withdrawn":
            case.customer("withdraw", reason="r")
    assert look(*of(case), case.now) == []


def test_a_row_that_was_deleted_is_missed() -> None:
    case = running()
    facts, _, workflow = of(case)
    assert look(facts, None, workflow, case.now) == [
        "routing has no row of it, although its facts are in the stream"
    ]


@pytest.mark.parametrize("gone", [{"facts": -1}, {"facts": -1, "last": -1}])
def test_a_recorded_fact_that_was_deleted_is_missed(gone: dict[str, int]) -> None:
    """In the middle, or the last one: the row itself says how many there were."""
    case = running()
    facts, there, workflow = of(case)
    fewer = {name: getattr(there, name) + less for name, less in gone.items()}
    (finding,) = look(facts, replace(there, **fewer), workflow, case.now)
    assert finding.startswith(f"routing has {there.seq - 1} stored facts")
    (finding,) = look(facts, replace(there, **fewer, missing_facts=(5,)), workflow, case.now)
    assert finding.endswith(": without 5")


def test_a_policy_that_was_deleted_is_missed_by_those_who_were_under_it() -> None:
    case = running()
    facts, there, workflow = of(case)
    (finding,) = look(facts, replace(there, missing_policies=("abc",)), workflow, case.now)
    assert finding == "the text of policy abc, which it was under, is not stored"


def test_a_workflow_that_is_gone_is_missed() -> None:
    case = running()
    facts, there, _ = of(case)
    for gone in (None, WorkflowView(running=False)):
        (finding,) = look(facts, there, gone, case.now)
        assert finding.startswith("no workflow runs for it")


def test_a_follow_up_that_is_gone_is_missed_until_the_next_cycle() -> None:
    case = play().resolved()
    facts, there, workflow = of(case)
    (finding,) = look(facts, there, replace(workflow, followed_up=False), case.now)
    assert finding.startswith("no follow-up runs for it")
    case.later(days=8)
    case.reopen()
    facts, there, workflow = of(case)
    assert look(facts, there, replace(workflow, followed_up=False), case.now) == []


def test_a_timer_that_was_deleted_is_missed() -> None:
    case = running()
    facts, there, workflow = of(case)
    (finding,) = look(facts, there, replace(workflow, timers=()), case.now)
    assert finding.startswith("its workflow has no timer that rings by")


def test_a_timer_that_did_not_ring_is_named() -> None:
    case = running()
    facts, there, workflow = of(case)
    late = replace(workflow, timers=(case.now - HOUR,))
    (finding,) = look(facts, there, late, case.now)
    assert "was to ring at" in finding


def test_a_workflow_that_waits_for_something_later_is_named() -> None:
    case = running()
    facts, there, workflow = of(case)
    assert workflow.next_due
    later = workflow.next_due + timedelta(days=30)
    found = look(facts, there, replace(workflow, next_due=later, timers=(later,)), case.now)
    assert "and its workflow waits for" in found[0]
    found = look(facts, there, replace(workflow, next_due=None), case.now)
    assert "waits for nothing" in found[0]


def test_a_deadline_that_ran_out_without_a_fact_is_overdue() -> None:
    case = running()
    found = look(*of(case), case.now + timedelta(days=2))
    assert [one for one in found if one.startswith("response_24h ran out at")]


def test_a_row_behind_or_ahead_of_its_facts_is_named() -> None:
    case = running()
    facts, there, workflow = of(case)
    behind = replace(there, seq=3, facts=3, last=3)
    assert "its row includes fact 3" in look(facts, behind, workflow, case.now)[0]
    ahead = replace(there, seq=facts.seq + 1)
    assert "the stream ends with" in look(facts, ahead, workflow, case.now)[0]


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("stage", "negotiating"),
        ("owner", "agent-9"),
        ("team", "x"),
        ("severity", 1),
        ("category", "x"),
        ("cycle", 2),
    ],
)
def test_a_complaint_that_the_lists_show_otherwise_is_named(column: str, says: str | int) -> None:
    """Who is not asked for it, or asked too late, has forgotten it."""
    case = running()
    facts, there, workflow = of(case)
    ours = there.listed[column]
    assert look(facts, replace(there, listed=there.listed | {column: says}), workflow, case.now) == [
        f"the lists show {column} {says}, and by its facts it is {ours}"
    ]


@pytest.mark.parametrize("off", [HOUR, -HOUR, None])
def test_a_next_due_that_the_lists_show_otherwise_is_named(off: timedelta | None) -> None:
    case = running()
    facts, there, workflow = of(case)
    assert there.next_due
    other = replace(there, next_due=off and there.next_due + off)
    (finding,) = look(facts, other, workflow, case.now)
    assert finding.endswith(f"as due next, and by its facts it is {there.next_due.isoformat()}")


def test_a_resolved_complaint_is_listed_at_its_callback_or_without_an_instant() -> None:
    case = play().resolved()
    facts, there, workflow = of(case)
    facts.callback = case.now + 7 * DAY
    assert look(facts, there, workflow, case.now) == []
    assert look(facts, replace(there, next_due=facts.callback), workflow, case.now) == []
    (finding,) = look(facts, replace(there, next_due=case.now), workflow, case.now)
    assert finding.startswith(f"the lists show {case.now.isoformat()} as due next")


def test_a_deadline_that_the_row_has_otherwise_is_named() -> None:
    case = running()
    facts, there, workflow = of(case)
    key = ("response_24h", 1)
    later = Deadline(there.deadlines[key].due + HOUR, "running")
    (finding,) = look(facts, replace(there, deadlines=there.deadlines | {key: later}), workflow, case.now)
    assert finding.startswith("response_24h #1: by its facts it is running")
    without = {one: deadline for one, deadline in there.deadlines.items() if one != key}
    assert "by its row not there" in look(facts, replace(there, deadlines=without), workflow, case.now)[0]


def test_a_complaint_that_was_received_and_never_taken_up_is_named() -> None:
    facts = recorded(timeline(running())[:1])
    assert look(facts, None, None, running().now) == [
        "it was received, and routing never opened a case for it"
    ]


@dataclass
class Asked:
    """Routing, as one who asks sees it: each query is refused alike."""

    refusal: Refusal

    async def request(self, _: str, __: bytes, timeout: float) -> Msg:
        return Msg(Client(), data=encode(QueryReply(ok=False, error=self.refusal)))


@pytest.mark.parametrize("code", [ErrorCode.UNKNOWN_COMPLAINT, ErrorCode.UNAVAILABLE])
async def test_routing_has_no_row_of_what_it_does_not_know_or_has_not_opened_yet(code: ErrorCode) -> None:
    refusal = refuse(code, field="complaint_id")
    sources = Sources(cast(Client, Asked(refusal)), cast(Temporal, None))
    assert await sources.row("Caaaaaaaaaaaaaaa") is None


def test_a_row_or_a_workflow_that_no_fact_knows_is_named() -> None:
    case = running()
    _, there, workflow = of(case)
    assert len(look(None, there, workflow, case.now)) == 2


def test_a_closed_complaint_needs_no_workflow_and_must_not_have_one() -> None:
    case = play().resolved()
    case.close()
    facts, there, workflow = of(case)
    facts.closed = True  # `closed` is the last fact of all, so the timeline of the case ends before it
    assert look(facts, there, WorkflowView(running=False), case.now) == []
    assert look(facts, there, None, case.now) == []
    assert look(facts, there, workflow, case.now) == ["its workflow still runs, although it was closed"]


def test_a_missing_or_concerned_person_who_still_has_a_role_is_found() -> None:
    case = running()
    facts, there, workflow = of(case)
    odd = replace(there, missing=("agent-1", "nobody"), interested=("lead-1",))
    gone, nobody, interested = look(facts, odd, workflow, case.now)
    assert "agent-1" in gone
    assert "no person is left" in nobody
    assert "lead-1" in interested
