"""End of a shift: every open item is signed over by both or alarmed; one in conversation stays."""

from datetime import timedelta

from services.routing.view import view
from shared.contract.errors import ErrorCode
from shared.contract.events import (
    Assigned,
    AssistantNamed,
    ConversationEnded,
    HandedOver,
    HandOverDue,
    HandOverMissed,
)
from shared.policy.models import Pack
from tests.unit.cases import MONDAY, Playing, play, policy

END = MONDAY + timedelta(hours=7)
"""Five in the afternoon in Shanghai."""

DAY = {weekday: ["09:00-17:00"] for weekday in range(7)}
LATE = {weekday: ["17:00-23:00"] for weekday in range(7)}


def shifts(**hours: dict[int, list[str]]) -> Pack:
    """Pack in which these people (`agent_1`) have these hours."""
    staff = [
        type(one).model_validate(one.model_dump() | {"hours": hours[name]})
        if (name := one.id.replace("-", "_")) in hours
        else one
        for one in policy().pack.staff
    ]
    return policy().pack.model_copy(update={"staff": staff})


def _on_shift(**hours: dict[int, list[str]]) -> Playing:
    case = play()
    case.meet_people(shifts(**{"agent_1": DAY} | hours))
    return case


def test_an_item_that_was_not_signed_over_is_announced_once_and_alarmed_once() -> None:
    case = _on_shift()
    assert case.case.next_due == END - timedelta(minutes=15)
    case.until(END - timedelta(minutes=15))
    assert case.all(HandOverDue) == [HandOverDue(owner="agent-1", by=END)]
    case.meet_people()
    case.until(END)
    assert case.all(HandOverMissed) == [HandOverMissed(owner="agent-1", by=END, to="lead-1")]
    case.meet_people()
    case.later(hours=3)
    assert (len(case.all(HandOverDue)), len(case.all(HandOverMissed))) == (1, 1)
    assert case.owned_by == "agent-1"


def test_an_item_that_both_signed_is_not_alarmed() -> None:
    case = _on_shift(agent_2=LATE)
    case.until(END - timedelta(minutes=10))
    assert case.owner("hand_over", to="agent-2").events == ["handed_over", "deadline_set"]
    assert case.owned_by == "agent-1"
    case.do("agent-2", "accept_transfer")
    assert (case.owned_by, case.last(Assigned).why) == ("agent-2", "hand_over")
    case.until(END)
    assert case.all(HandOverMissed) == []
    assert view(case.case.state).sign_by is None


def test_a_signature_of_one_side_is_not_enough() -> None:
    case = _on_shift()
    case.until(END - timedelta(minutes=10))
    case.owner("hand_over", to="agent-2")
    case.until(END)
    assert len(case.all(HandedOver)) == len(case.all(HandOverMissed)) == 1


def test_shifts_take_turns_without_ping_pong() -> None:
    case = _on_shift(agent_2=LATE)
    case.until(END - timedelta(minutes=10))
    case.owner("hand_over", to="agent-2")
    case.do("agent-2", "accept_transfer")
    assert case.refused("agent-2", "hand_over", to="agent-1").code == ErrorCode.WOULD_PING_PONG
    assert case.refused("agent-2", "transfer", to="agent-1", reason="r").code == ErrorCode.WOULD_PING_PONG
    case.until(END + timedelta(hours=5, minutes=50))
    case.owner("hand_over", to="agent-1")
    case.do("agent-1", "accept_transfer")
    assert case.owned_by == "agent-1"


def test_an_item_in_conversation_stays_and_the_other_becomes_the_assistant() -> None:
    case = _on_shift()
    case.until(END - timedelta(minutes=20))
    case.owner("begin_conversation")
    case.until(END - timedelta(minutes=10))
    reply = case.owner("hand_over", to="agent-2")
    assert (reply.events, reply.result["assistant"]) == (["assistant_named"], "agent-2")
    assert case.last(AssistantNamed).assistant == view(case.case.state).assistant == "agent-2"
    case.until(END)
    assert case.all(HandOverMissed) == []
    ended = case.owner("end_conversation")
    assert ended.events[:2] == ["conversation_ended", "handed_over"]
    assert view(case.case.state).assistant is None
    assert (case.last(HandedOver).sender, case.last(HandedOver).to) == ("agent-1", "agent-2")
    case.later()
    assert case.at(HandOverMissed) == [END]
    case.do("agent-2", "accept_transfer")
    assert case.owned_by == "agent-2"


def test_a_conversation_that_runs_out_hands_over_to_its_assistant_too() -> None:
    case = _on_shift()
    case.until(END - timedelta(minutes=20))
    case.owner("begin_conversation")
    case.owner("hand_over", to="agent-2")
    case.until(END + timedelta(minutes=41))
    assert case.at(ConversationEnded) == case.at(HandedOver) == [END + timedelta(minutes=40)]
    case.do("agent-2", "accept_transfer")
    assert case.owned_by == "agent-2"


def test_a_conversation_without_an_assistant_ends_without_a_hand_over() -> None:
    case = play()
    case.owner("begin_conversation")
    assert case.owner("end_conversation").events == ["conversation_ended"]


def test_an_assistant_who_left_or_was_renamed_is_replaced_by_a_fact() -> None:
    for now, expected in (("agent-92", "agent-92"), (None, None)):
        case = play()
        case.owner("begin_conversation")
        case.owner("hand_over", to="agent-2")
        staff = [
            one.model_copy(update={"id": now, "formerly": ["agent-2"]})
            if now and one.id == "agent-2"
            else one
            for one in policy().pack.staff
            if now or one.id != "agent-2"
        ]
        case.meet_people(policy().pack.model_copy(update={"staff": staff}))
        assert case.last(AssistantNamed).assistant == expected
        case.owner("end_conversation")
        assert [one.to for one in case.all(HandedOver)] == ([now] if now else [])


def test_a_conversation_that_nobody_ended_holds_the_alarm_up_no_longer_than_the_policy() -> None:
    case = _on_shift()
    case.until(END - timedelta(minutes=20))
    case.owner("begin_conversation")
    case.until(END + timedelta(hours=2))
    assert case.at(HandOverMissed) == [END + timedelta(minutes=40)]


def test_no_proposal_is_accepted_during_a_conversation() -> None:
    case = play()
    case.owner("transfer", to="agent-2", reason="r")
    case.owner("begin_conversation")
    assert case.refused("agent-2", "accept_transfer").code == ErrorCode.NOT_ALLOWED_NOW
    case.owner("end_conversation")
    case.do("agent-2", "accept_transfer")


def test_a_conversation_has_a_limit_and_ends_once() -> None:
    case = play()
    assert case.refused("agent-1", "end_conversation").code == ErrorCode.NOT_ALLOWED_NOW
    for hours in (-1, 2):
        wrong = case.refused("agent-1", "begin_conversation", until=case.now + timedelta(hours=hours))
        assert (wrong.code, wrong.field) == (ErrorCode.MALFORMED, "data.until")


def test_a_shift_that_ended_during_an_outage_is_announced_and_alarmed_late_with_its_own_instants() -> None:
    case = _on_shift()
    case.owner("respond", kind="plan", text="t")
    case.now = END + timedelta(hours=1)
    case.meet_people()  # the look-up already knows the next shift only
    case.later()
    assert case.at(HandOverDue) == [END - timedelta(minutes=15)]
    assert case.at(HandOverMissed) == [END]
    case.until(END + timedelta(hours=23, minutes=45))
    assert case.at(HandOverDue)[-1] == END + timedelta(hours=23, minutes=45)


def test_a_shift_that_was_moved_meanwhile_is_not_announced() -> None:
    case = _on_shift()
    case.now = END - timedelta(minutes=15)
    case.meet_people(shifts(agent_1={weekday: ["09:00-19:00"] for weekday in range(7)}))
    case.later()
    assert case.all(HandOverDue) == []
    assert case.case.next_due == END + timedelta(hours=1, minutes=45)


def test_the_shift_of_a_new_owner_counts_and_not_that_of_the_former() -> None:
    case = _on_shift(agent_2=LATE)
    case.owner("transfer", to="agent-2", reason="r")
    case.do("agent-2", "accept_transfer")
    case.until(END)
    assert case.all(HandOverDue) == []
    case.until(END + timedelta(hours=5, minutes=45))
    assert case.all(HandOverDue) == [HandOverDue(owner="agent-2", by=END + timedelta(hours=6))]


def test_a_resolved_complaint_is_not_handed_over() -> None:
    case = _on_shift().resolved()
    case.until(END)
    assert case.all(HandOverDue) == []


def test_an_owner_without_shifts_has_no_hand_over() -> None:
    case = play()
    case.later(hours=30)
    assert case.all(HandOverDue) == []
