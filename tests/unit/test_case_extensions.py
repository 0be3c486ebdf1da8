"""More time: with a reason, before it runs out, told to the complainant, and not for the 24-hour rule."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.routing.rules.decision import Decision
from services.routing.rules.extending import ONE_REQUEST, SECOND_EXTENSION
from services.routing.rules.state import ObligationClock
from shared.contract.errors import ErrorCode, Refusal
from shared.contract.events import (
    ApprovalRequested,
    DeadlineBreached,
    DeadlineExtended,
    DeadlineMoved,
    DeadlineWarned,
    Notice,
)
from shared.contract.orders import Order
from shared.contract.recorded import Notification
from tests.unit.case_packs import LONGER, edited
from tests.unit.cases import MONDAY, Playing, actor, play, policy
from tests.unit.certified import certified, faults, verified

DAY = timedelta(days=1)
FIRST, SECOND = MONDAY + 40 * DAY, MONDAY + 50 * DAY


def _resolution(case: Playing) -> ObligationClock:
    clock = case.case.state.clock("resolution")
    assert clock is not None
    return clock


def _moves(case: Playing, why: str) -> list[DeadlineMoved]:
    return [move for move in case.all(DeadlineMoved) if move.why == why]


def test_an_extension_before_it_runs_out_is_told_to_the_complainant() -> None:
    case = play()
    until = _resolution(case).due + 5 * DAY
    case.owner("extend", obligation="resolution", until=until, reason="r")
    extended = case.last(DeadlineExtended)
    assert (extended.due, extended.was, extended.reason_ref) == (until, until - 5 * DAY, "r")
    assert case.last(Notice).template == "extension"


def test_an_extended_deadline_still_warns_and_breaches() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    until = _resolution(case).due + 5 * DAY
    case.owner("extend", obligation="resolution", until=until, reason="r")
    case.until(until)
    assert [w.percent for w in case.all(DeadlineWarned) if w.obligation == "resolution"] == [75]
    assert case.last(DeadlineBreached).obligation == "resolution"


def test_an_extended_deadline_still_pauses() -> None:
    """Two working days in a pause are two working days later, also after a named instant."""
    case = play()
    until = datetime(2026, 12, 16, 2, 0, tzinfo=UTC)
    case.owner("extend", obligation="resolution", until=until, reason="r")
    case.owner("pause", reason="r")
    case.later(days=2)
    case.owner("resume", reason="r")
    assert _resolution(case).due == until + 2 * DAY


def test_a_wait_before_an_extension_is_part_of_it() -> None:
    case = play()
    case.owner("pause", reason="r")
    case.later(days=2)
    case.owner("resume", reason="r")
    until = _resolution(case).due + 5 * DAY
    case.owner("extend", obligation="resolution", until=until, reason="r")
    case.owner("pause", reason="r")
    case.later(hours=1)
    case.owner("resume", reason="r")
    assert until <= _resolution(case).due <= until + DAY


def test_a_severity_does_not_take_an_extension_back() -> None:
    case = play()
    until = _resolution(case).due + 5 * DAY
    case.owner("extend", obligation="resolution", until=until, reason="r")
    case.owner("reclassify", severity=5, reason="r")
    assert _resolution(case).due == until


def test_an_extension_after_expiry_is_refused() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    case.later(days=40)
    until = case.now + DAY
    refusal = case.refused(case.owned_by, "extend", obligation="resolution", until=until, reason="r")
    assert (refusal.code, refusal.field) == (ErrorCode.TOO_LATE, "data.obligation")


@pytest.mark.parametrize("name", ["response_24h", "acknowledgement", "no-such-thing"])
def test_the_24_hour_rule_and_what_does_not_exist_cannot_be_extended(name: str) -> None:
    refusal = play().refused("agent-1", "extend", obligation=name, until=MONDAY + 30 * DAY, reason="r")
    assert (refusal.code, refusal.field) == (ErrorCode.NOT_ALLOWED_NOW, "data.obligation")


def test_an_extension_must_give_more_time() -> None:
    case = play()
    until = _resolution(case).due
    refusal = case.refused("agent-1", "extend", obligation="resolution", until=until, reason="r")
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, "data.until")


def test_what_stands_still_is_not_extended() -> None:
    case = play()
    case.owner("pause", reason="r")
    until = _resolution(case).due + DAY
    refusal = case.refused("agent-1", "extend", obligation="resolution", until=until, reason="r")
    assert refusal.code == ErrorCode.NOT_ALLOWED_NOW


def _in_march(*, waited: bool) -> Playing:
    """A resolution that somebody extended into a year whose holidays nobody has published."""
    case = play(datetime(2026, 12, 1, 2, 0, tzinfo=UTC))
    if waited:  # until it falls due in that year by itself
        case.owner("pause", reason="r")
        case.later(days=13)
        case.owner("resume", reason="r")
    assert _resolution(case).provisional == waited
    case.owner("extend", obligation="resolution", until=datetime(2027, 3, 1, tzinfo=UTC), reason="r")
    return case


@pytest.mark.parametrize("waited", [False, True], ids=["from this year", "from the next"])
def test_an_instant_that_somebody_named_is_certain_wherever_it_was_before(waited: bool) -> None:
    case = _in_march(waited=waited)
    assert not _resolution(case).provisional
    proof = next(one for one in certified(case) if one["obligation"] == "resolution")
    assert (proof["due"], proof["provisional"]) == ("2027-03-01T00:00:00Z", False)
    assert faults(verified(case)) == {}


def test_a_wait_after_it_is_reckoned_and_so_provisional() -> None:
    case = _in_march(waited=False)
    case.owner("pause", reason="r")
    case.later(days=7)
    case.owner("resume", reason="r")
    assert case.last(DeadlineMoved).provisional
    assert faults(verified(case)) == {}


@pytest.mark.parametrize("waited", [False, True], ids=["from this year", "from the next"])
def test_a_migration_moves_a_named_instant_nowhere_and_says_nothing_of_it(waited: bool) -> None:
    case = _in_march(waited=waited)
    assert case.migrated(edited(resolution=LONGER)).events == ["policy_migrated"]
    assert faults(verified(case, policy(), edited(resolution=LONGER))) == {}


def _wants_more(who: str, **said: Any) -> Playing:
    """A deadline that was extended once, and now `who` wants yet more."""
    case = play(**said)
    case.owner("extend", obligation="resolution", until=FIRST, reason="r")
    reply = case.do(who, "extend", obligation="resolution", until=SECOND, reason="r")
    assert reply.events == ["approval_requested", "deadline_set"]
    assert reply.result == {"request_id": "approval-1", "to": case.last(ApprovalRequested).to}
    assert _dues(case) == [FIRST]
    return case


def _dues(case: Playing) -> list[datetime]:
    return [extended.due for extended in case.all(DeadlineExtended)]


def _may_not(case: Playing, who: str) -> Refusal:
    return case.refused(who, "approve", request_id="approval-1", approved=True)


@pytest.mark.parametrize(
    ("asker", "above", "others"),
    [
        ("agent-1", "lead-1", ["lead-2", "manager-1"]),
        ("lead-1", "manager-1", ["manager-2"]),
        ("lead-2", "manager-1", ["manager-2"]),
        ("manager-1", "lead-1", ["manager-2", "lead-3"]),
        ("manager-2", "manager-1", []),
    ],
)
def test_a_second_extension_asks_whoever_is_one_level_up(asker: str, above: str, others: list[str]) -> None:
    for approver in (above, *others):
        case = _wants_more(asker)
        assert case.last(ApprovalRequested).to == above
        reply = case.do(approver, "approve", request_id="approval-1", approved=True)
        assert reply.events == ["approval_given", "deadline_met", "deadline_extended", "notice"]
        assert _dues(case) == [FIRST, SECOND]
        assert case.last(Notice).template == "extension"


@pytest.mark.parametrize("asker", ["agent-1", "lead-1", "manager-1"])
def test_nobody_agrees_to_their_own_second_extension(asker: str) -> None:
    case = _wants_more(asker)
    code = ErrorCode.OVER_AUTHORITY if asker == "agent-1" else ErrorCode.NEEDS_SECOND_PERSON
    assert _may_not(case, asker).code == code
    assert _dues(case) == [FIRST]


@pytest.mark.parametrize("colleague", ["lead-2", "lead-3"])
def test_a_lead_does_not_agree_to_what_another_lead_wants(colleague: str) -> None:
    refusal = _may_not(_wants_more("lead-1"), colleague)
    assert (refusal.code, refusal.field) == (ErrorCode.OVER_AUTHORITY, "actor.id")
    assert "manager-1" in refusal.message
    assert "manager-1" in refusal.message_zh


def test_an_agent_agrees_to_nothing() -> None:
    assert _may_not(_wants_more("lead-1"), "agent-2").code == ErrorCode.OVER_AUTHORITY


def test_a_colleague_may_deny_and_then_nothing_is_extended() -> None:
    case = _wants_more("lead-1")
    case.do("lead-2", "approve", request_id="approval-1", approved=False, reason="r")
    assert _dues(case) == [FIRST]


def test_a_third_extension_asks_again() -> None:
    case = _wants_more("lead-1")
    case.do("manager-1", "approve", request_id="approval-1", approved=True)
    third = {"obligation": "resolution", "until": SECOND + DAY, "reason": "r"}
    assert case.lead("extend", **third).events == ["approval_requested", "deadline_set"]


def test_where_the_lead_is_complained_about_the_manager_is_asked_and_the_lead_has_no_hand_in_it() -> None:
    case = _wants_more("agent-1", about_staff="lead-1")
    assert case.last(ApprovalRequested).to not in ("lead-1", "agent-1")
    assert _may_not(case, "lead-1").code == ErrorCode.CONFLICT_OF_INTEREST


@pytest.mark.parametrize(
    ("until", "code", "field"),
    [
        (MONDAY, ErrorCode.MALFORMED, "data.until"),
        (MONDAY + 999 * DAY, ErrorCode.MALFORMED, "data.until"),
        ("soon", ErrorCode.MALFORMED, "data.until"),
        (None, ErrorCode.MALFORMED, "data.until"),
    ],
)
def test_nonsense_is_refused_before_anybody_is_asked(until: Any, code: ErrorCode, field: str) -> None:
    case = play()
    case.lead("extend", obligation="resolution", until=FIRST, reason="r")
    refusal = case.refused("lead-1", "extend", obligation="resolution", until=until, reason="r")
    assert (refusal.code, refusal.field) == (code, field)
    assert case.all(ApprovalRequested) == []


def test_with_nobody_else_in_the_chain_one_supervisor_does_not_extend_twice() -> None:
    case = play()
    case.opening.pinned.chain.manager = case.case.state.pinned.chain.manager = "lead-1"
    case.lead("extend", obligation="resolution", until=FIRST, reason="r")
    refusal = case.refused("lead-1", "extend", obligation="resolution", until=SECOND, reason="r")
    assert (refusal.code, refusal.field) == (ErrorCode.NEEDS_SECOND_PERSON, "actor.id")


def test_a_complaint_told_again_from_before_this_rule_goes_its_old_way() -> None:
    """A lead extended a second time alone then; `tests/replay` has such a history (`extended_alone`)."""
    case = play()
    case.lead("extend", obligation="resolution", until=FIRST, reason="r")
    data = {"obligation": "resolution", "until": SECOND, "reason": "r"}
    order = Order(command_id="c", verb="extend", actor=actor("lead-1"), data=data)
    decision = case.case.weigh(order, case.now, lambda change: change != SECOND_EXTENSION)
    assert isinstance(decision, Decision)
    assert [type(fact) for fact in decision.facts] == [DeadlineExtended, Notification]


def test_while_one_request_waits_nobody_asks_for_yet_more_time_for_the_same_deadline() -> None:
    case = _wants_more("agent-1")
    third = {"obligation": "resolution", "until": SECOND + DAY, "reason": "r"}
    for who in ("agent-1", "lead-1", "manager-1"):
        refusal = case.refused(who, "extend", **third)
        assert (refusal.code, refusal.field) == (ErrorCode.NOT_ALLOWED_NOW, "data.obligation")
        assert "approval-1" in refusal.message
        assert "approval-1" in refusal.message_zh
    case.lead("approve", request_id="approval-1", approved=False, reason="r")
    assert case.owner("extend", **third).events == ["approval_requested", "deadline_set"]


def test_each_deadline_has_a_request_of_its_own() -> None:
    case = _wants_more("agent-1")
    promised = MONDAY + 5 * DAY
    case.owner("respond", kind="plan", text="t", promise_by=promised)
    for days in (1, 2):
        reply = case.owner("extend", obligation="promise-2", until=promised + days * DAY, reason="r")
    assert reply.result["request_id"] == "approval-2"


def test_rival_requests_from_before_this_rule_are_told_again_as_they_were() -> None:
    """`tests/replay` has such a history (`rivals`)."""
    case = _wants_more("agent-1")
    data = {"obligation": "resolution", "until": SECOND + DAY, "reason": "r"}
    order = Order(command_id="c", verb="extend", actor=actor("agent-1"), data=data)
    decision = case.case.weigh(order, case.now, lambda change: change != ONE_REQUEST)
    assert isinstance(decision, Decision)
    assert [type(fact) for fact in decision.facts] == [ApprovalRequested]


@pytest.mark.parametrize(
    ("verb", "data", "field"),
    [
        ("respond", {"kind": "plan", "text": "t", "promise_by": MONDAY}, "data.promise_by"),
        ("open_task", {"unit": "u", "text": "t", "due": MONDAY}, "data.due"),
    ],
)
def test_what_is_promised_lies_ahead(verb: str, data: dict[str, Any], field: str) -> None:
    refusal = play().refused("agent-1", verb, **data)
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, field)
