"""What complainants are told holds: waiting times are obligations, and nobody waits in silence."""

from datetime import datetime, timedelta

from shared.contract.errors import ErrorCode
from shared.contract.events import (
    ApprovalRequested,
    DeadlineBreached,
    DeadlineExtended,
    DeadlineMet,
    DeadlineMoved,
    DeadlineSet,
    DeadlineWarned,
    Escalated,
    Notice,
)
from shared.contract.recorded import RecordedFact
from tests.unit.case_packs import edited
from tests.unit.cases import MONDAY, OPTIONS, Playing, play, policy
from tests.unit.certified import faults, verified

HOUR = timedelta(hours=1)


def _of(case: Playing, name: str) -> list[RecordedFact]:
    return [one for one in case.recorded if one.data.get("obligation") == name]


def _named(case: Playing, name: str) -> list[str]:
    return [one.name for one in _of(case, name)]


# --- promises -------------------------------------------------------------------------------------


def test_a_promise_is_reported_apart_from_every_other_deadline() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t", promise_by=MONDAY + 5 * HOUR)
    promises = {s.obligation for s in case.all(DeadlineSet) if s.regime == "promise"}
    assert promises == {"promise-1", "promise-2"}
    assert {one.data["regime"] for name in promises for one in _of(case, name)} == {"promise"}


def test_a_promise_is_kept_when_the_complainant_is_notified() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t", promise_by=MONDAY + 5 * HOUR)
    case.later(hours=4)
    case.owner("respond", kind="explanation", text="t")
    met = {m.obligation: m.by_fact for m in case.all(DeadlineMet) if m.regime == "promise"}
    assert met == {"promise-1": "responded", "promise-2": "responded"}


def test_a_promise_is_not_kept_by_work_that_the_complainant_does_not_see() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t", promise_by=MONDAY + 5 * HOUR)
    case.owner("set_position", text="t")
    case.owner("prepare_options", options=OPTIONS[:2])
    case.later(hours=6)
    assert [b.obligation for b in case.all(DeadlineBreached)] == ["promise-2"]


def test_the_owner_is_warned_and_the_lead_notified_before_a_promise_ends() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t", promise_by=MONDAY + 10 * HOUR)
    case.later(hours=9)
    warned = case.last(DeadlineWarned)
    assert (warned.obligation, warned.regime, warned.reminder) == ("promise-2", "promise", "promise_ends")
    assert (warned.to, warned.copied_to) == ("agent-1", ["lead-1"])
    assert case.at(DeadlineWarned) == [MONDAY + 8 * HOUR]


def test_a_broken_promise_is_one_breach_and_leaves_the_24_hour_rule_alone() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t", promise_by=MONDAY + HOUR)
    case.later(days=2)
    assert [(b.obligation, b.regime) for b in case.all(DeadlineBreached)] == [("promise-2", "promise")]
    assert _named(case, "response_24h") == ["deadline_set", "deadline_met"]


def test_more_time_for_a_promise_is_notified_once_alone_and_a_second_time_with_approval() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t", promise_by=MONDAY + 5 * HOUR)
    case.owner("extend", obligation="promise-2", until=MONDAY + 8 * HOUR, reason="r")
    assert case.last(Notice).template == "extension"
    again = case.owner("extend", obligation="promise-2", until=MONDAY + 9 * HOUR, reason="r")
    assert again.events[0] == "approval_requested"
    assert case.last(ApprovalRequested).what == "extension"
    case.lead("approve", request_id=again.result["request_id"], approved=True)
    assert [e.due for e in case.all(DeadlineExtended)] == [MONDAY + 8 * HOUR, MONDAY + 9 * HOUR]
    assert len([n for n in case.all(Notice) if n.template == "extension"]) == 2
    case.later(hours=9)
    assert case.at(DeadlineBreached) == [MONDAY + 9 * HOUR]


def test_approval_of_an_extension_that_comes_too_late_is_refused() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t", promise_by=MONDAY + 5 * HOUR)
    case.owner("extend", obligation="promise-2", until=MONDAY + 8 * HOUR, reason="r")
    again = case.owner("extend", obligation="promise-2", until=MONDAY + 9 * HOUR, reason="r")
    case.later(hours=8)
    refusal = case.refused("lead-1", "approve", request_id=again.result["request_id"], approved=True)
    assert (refusal.code, refusal.field) == (ErrorCode.TOO_LATE, "data.request_id")


# --- silence --------------------------------------------------------------------------------------


def test_the_complainant_never_waits_in_silence_longer_than_the_policy_allows() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    case.later(days=4)
    assert [b.obligation for b in case.all(DeadlineBreached)] == ["silence"]
    assert case.at(DeadlineBreached) == [MONDAY + 72 * HOUR]
    assert [(w.obligation, w.percent, w.to) for w in case.all(DeadlineWarned)] == [("silence", 75, "agent-1")]
    told = case.last(Escalated)
    assert (told.obligation, told.to, told.copied_to) == ("silence", "agent-1", ["lead-1"])
    assert case.owned_by == "agent-1"


def test_our_own_apologies_for_the_delay_do_not_keep_a_silence_from_breaking() -> None:
    case = play()
    case.later(days=12)
    assert [n.template for n in case.all(Notice)] == ["delay"] * 12
    assert _named(case, "silence") == ["deadline_set", "deadline_warned", "deadline_breached", "escalated"]
    assert [one.at for one in _of(case, "silence")][2] == MONDAY + 72 * HOUR
    case.owner("respond", kind="plan", text="t")
    assert _named(case, "silence")[-2:] == ["deadline_met", "deadline_set"]
    assert faults(verified(case)) == {}


def test_a_pack_that_names_no_silent_notices_lets_every_notice_set_the_limit_anew() -> None:
    """What complaints were opened under before the list existed goes on as it was."""
    under = edited(silence={"silent_notices": []})
    case = play(under=under)
    case.later(days=12)
    assert "deadline_breached" not in _named(case, "silence")
    assert faults(verified(case, under)) == {}


def test_a_silence_that_a_migration_brings_counts_from_no_apology() -> None:
    without = edited(without="silence")
    case = play(under=without)
    case.later(hours=30)
    assert [n.template for n in case.all(Notice)] == ["delay"]
    case.migrated(policy())
    set_ = next(s for s in case.all(DeadlineSet) if s.obligation == "silence")
    assert set_.started_at == MONDAY  # the first owner; neither the second one nor the apology
    assert faults(verified(case, without, policy())) == {}


def test_every_word_to_the_complainant_sets_the_limit_anew() -> None:
    case = play()
    case.later(hours=20)
    case.owner("respond", kind="plan", text="t")
    moved = [m for m in case.all(DeadlineMoved) if m.obligation == "silence"]
    assert [(m.why, m.due) for m in moved] == [("told", case.now + 72 * HOUR)]
    case.later(hours=71)
    assert "deadline_breached" not in _named(case, "silence")


def test_an_extension_is_a_word_and_a_position_is_none() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    case.later(hours=50)
    case.owner("set_position", text="t")
    silence = case.case.state.clock("silence")
    assert silence is not None
    assert silence.due == MONDAY + 72 * HOUR
    until = datetime.fromisoformat("2026-12-30T00:00:00+00:00")
    case.owner("extend", obligation="resolution", until=until, reason="r")
    assert silence.due == case.now + 72 * HOUR


def test_a_broken_silence_is_met_late_by_the_next_word_and_a_fresh_one_begins() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    case.later(hours=80)
    case.owner("respond", kind="plan", text="t")
    assert _named(case, "silence")[-3:] == ["escalated", "deadline_met", "deadline_set"]
    met = [m for m in case.all(DeadlineMet) if m.obligation == "silence"]
    assert [(m.late, m.by_fact) for m in met] == [(True, "notice")]
    assert case.last(DeadlineSet).due == case.now + 72 * HOUR


def test_each_message_starts_the_warning_anew() -> None:
    case = play()
    for _ in range(3):
        case.owner("respond", kind="plan", text="t")
        case.later(hours=60)
    warnings = [w for w in case.all(DeadlineWarned) if w.obligation == "silence"]
    assert [w.percent for w in warnings] == [75, 75, 75]


def test_silence_rests_while_we_wait_for_the_complainant() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    case.later(hours=24)
    case.owner("pause", reason="r")
    case.later(days=5)
    assert "deadline_breached" not in _named(case, "silence")
    case.owner("resume", reason="r")
    silence = case.case.state.clock("silence")
    assert silence is not None
    assert silence.due == case.now + 72 * HOUR  # since they were told that we wait


def test_the_complainant_gets_messages_however_often_the_case_waits() -> None:
    """Each wait is told; what rests in it runs on after it, and breaches where nobody says anything more."""
    case = play()
    case.owner("respond", kind="plan", text="t")
    for _ in range(4):
        reply = case.owner("pause", reason="r")
        if "request_id" in reply.result:
            case.do("manager-1", "approve", request_id=reply.result["request_id"], approved=True)
        case.later(days=14, hours=71)
    assert [n.template for n in case.all(Notice)] == ["response", *["waiting"] * 4]
    assert "deadline_breached" not in _named(case, "silence")
    case.later(hours=1)
    assert _named(case, "silence")[-2:] == ["deadline_breached", "escalated"]
    assert faults(verified(case)) == {}


def test_a_word_during_the_wait_counts() -> None:
    case = play()
    case.owner("pause", reason="r")
    case.later(hours=24)
    case.owner("respond", kind="plan", text="t")
    case.later(hours=24)
    case.owner("resume", reason="r")
    silence = case.case.state.clock("silence")
    assert silence is not None
    assert silence.due == case.now + 72 * HOUR


def test_silence_ends_with_the_complaint_and_begins_again_with_the_next_cycle() -> None:
    case = play().resolved()
    case.later(days=7)
    assert _named(case, "silence")[-1] == "deadline_met"
    case.reopen()
    assert case.case.state.clocks[-1].cycle == 2
    case.owner("respond", kind="plan", text="t")
    case.later(hours=73)
    assert case.last(DeadlineBreached).obligation == "silence"


def test_a_straight_complaint_grows_by_four_facts() -> None:
    """Set, moved by the answer and by the offer, met by the end: no fact that says nothing."""
    case = play()
    for verb in (
        lambda: case.ready_to_offer(),
        lambda: case.customer("answer", offer_id=case.offered(), answer="accepted"),
    ):
        case.later(minutes=5)
        verb()
    case.later(minutes=5)
    for action in list(case.case.state.actions):
        case.owner("complete_action", action_id=action.action_id, evidence="e")
    assert _named(case, "silence") == ["deadline_set", "deadline_moved", "deadline_moved", "deadline_met"]
