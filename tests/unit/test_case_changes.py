"""Three changes of a stuck conversation: the person, the place, the time; when, how often, their effect."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from services.routing.effects import effects, transfers
from services.routing.rules.changes import suggestions
from services.routing.view import view
from shared.contract.commands import Change
from shared.contract.errors import ErrorCode
from shared.contract.events import Changed, DeadlineBreached, DeadlineMet, DeadlineSet, Notice, Resolved
from shared.contract.values.problems import first_problem
from tests.unit.cases import MONDAY, Playing, play
from tests.unit.certified import faults, verified

SLOT = "2026-11-24T10:00:00+08:00"
AT = MONDAY + timedelta(days=1)


def changed(case: Playing, what: str, to: str, by: str | None = None) -> Changed:
    case.do(by or case.owned_by, "change", what=what, to=to, reason="r")
    return case.last(Changed)


# --- the person -----------------------------------------------------------------------------------


def test_another_person_still_has_to_accept() -> None:
    case = play()
    reply = case.owner("change", what="person", to="agent-2", reason="r")
    assert reply.events == ["changed", "transferred", "deadline_set"]
    assert case.owned_by == "agent-1"
    case.do("agent-2", "accept_transfer")
    assert case.owned_by == "agent-2"


def test_nobody_changes_to_a_junior_person_not_even_a_supervisor() -> None:
    case = play()
    case.owner("escalate", reason="r")
    for who in ("lead-1", "manager-1"):
        refusal = case.refused(who, "change", what="person", to="agent-2", reason="r")
        assert (refusal.code, refusal.field) == (ErrorCode.NOT_ALLOWED_NOW, "data.to")
        assert "junior" in refusal.message
    assert changed(case, "person", "lead-2").to == "lead-2"


# --- the place ------------------------------------------------------------------------------------


def test_another_channel_is_used_by_every_later_notice() -> None:
    case = play(channel="web")
    case.owner("respond", kind="plan", text="t")
    assert case.last(Notice).channel == "web"
    fact = changed(case, "place", "phone")
    assert (fact.channel, fact.to_ref) == ("phone", None)
    case.owner("respond", kind="plan", text="t")
    assert case.last(Notice).channel == "phone"
    assert view(case.case.state).place == "phone"


def test_the_follow_up_uses_the_channel_too() -> None:
    case = play(channel="web")
    changed(case, "place", "phone")
    case.resolved()
    assert case.last(Resolved).contact.preferred_channel == "phone"


def test_a_venue_in_words_is_a_text_and_no_channel() -> None:
    case = play(channel="web")
    fact = changed(case, "place", "routing:C:to-1")
    assert (fact.channel, fact.to_ref) == (None, "routing:C:to-1")
    case.owner("respond", kind="plan", text="t")
    assert case.last(Notice).channel == "web"


@pytest.mark.parametrize(
    "to",
    [
        *("2026-12-05", "2026-12-05 15:00", "2026-11-24T10:00:00", "2026/12/5"),
        *("2026年12月5日", "12月5日", "5.12.", "2026-02-30T10:00:00Z"),
    ],
)
def test_what_begins_like_a_date_is_an_instant_or_refused_with_an_example(to: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Change.model_validate({"what": "time", "to": to, "reason": "r"})
    place, _, words = first_problem(caught.value)
    assert place == "to"
    assert all("2026-12-05T15:00:00+08:00" in one for one in words)


@pytest.mark.parametrize(
    ("what", "to", "texts"),
    [
        ("person", "agent-2", ("reason",)),
        ("place", "phone", ("reason",)),
        ("place", "the shop in Elm Street", ("reason", "to")),
        ("time", SLOT, ("reason",)),
        ("time", "tomorrow morning", ("reason", "to")),
        ("time", "下周二下午", ("reason", "to")),
    ],
)
def test_only_codes_and_instants_travel_in_the_clear(what: str, to: str, texts: tuple[str, ...]) -> None:
    assert Change.model_validate({"what": what, "to": to, "reason": "r"}).texts() == texts


# --- the time -------------------------------------------------------------------------------------


def test_a_slot_is_a_promise_with_a_clock_and_the_complainant_is_notified() -> None:
    case = play()
    fact = changed(case, "time", SLOT)
    assert (fact.slot, fact.due) == (AT, AT + timedelta(hours=1))
    clock = case.last(DeadlineSet)
    assert (clock.obligation, clock.regime, clock.due) == ("promise-2", "promise", fact.due)
    told = next(one for one in case.recorded if one.name == "notice" and one.data["template"] == "slot")
    assert told.notification is not None
    assert (told.notification.instants["by_when"].at, told.notification.zone) == (AT, "Asia/Shanghai")
    case.until(AT)
    case.owner("respond", kind="plan", text="t")
    assert "promise-2" in {one.obligation for one in case.all(DeadlineMet)}
    assert faults(verified(case)) == {}


def test_a_slot_is_told_in_the_zone_of_the_complainant() -> None:
    case = play(contact={"timezone": "Europe/London"})
    changed(case, "time", SLOT)
    told = next(one for one in case.recorded if one.name == "notice" and one.data["template"] == "slot")
    assert told.notification is not None
    assert told.notification.zone == "Europe/London"


def test_a_slot_that_passes_without_a_word_is_a_broken_promise() -> None:
    case = play()
    changed(case, "time", SLOT)
    case.until(AT + timedelta(hours=1))
    assert "promise-2" in {one.obligation for one in case.all(DeadlineBreached)}
    assert faults(verified(case)) == {}


def test_a_slot_in_the_past_is_refused() -> None:
    refusal = play().refused("agent-1", "change", what="time", to="2026-11-23T01:00:00Z", reason="r")
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, "data.to")


def test_a_time_in_words_is_a_text_without_a_clock() -> None:
    case = play()
    assert case.owner("change", what="time", to="routing:C:to-1", reason="r").events == ["changed"]
    assert (case.last(Changed).slot, case.last(Changed).to_ref) == (None, "routing:C:to-1")


# --- how often, and when --------------------------------------------------------------------------


def test_beyond_the_cap_of_a_cycle_a_supervisor_decides() -> None:
    case = play()
    for place in ("phone", "email", "chat"):
        changed(case, "place", place)
    refusal = case.refused("agent-1", "change", what="place", to="web", reason="r")
    assert (refusal.code, refusal.field) == (ErrorCode.OVER_AUTHORITY, "actor.id")
    assert changed(case, "place", "web", by="lead-1").channel == "web"
    case.resolved()
    case.reopen()
    assert changed(case, "place", "phone").channel == "phone"


def test_a_change_is_suggested_after_anger_until_it_is_made() -> None:
    case = play()
    assert suggestions(case.case.state) == []
    case.later(minutes=1)
    case.came_again(signals={"styles": ["angry"]})
    assert [(one.what, one.why) for one in view(case.case.state).suggestions] == [("change", "angry")]
    case.later(minutes=1)
    changed(case, "place", "phone")
    assert suggestions(case.case.state) == []


def test_a_change_is_suggested_after_two_failed_rounds() -> None:
    case = play().ready_to_offer()
    for option, answer, why in (("sorry", "rejected", []), ("some", "countered", ["failed_rounds"])):
        case.customer("answer", offer_id=case.offered(option), answer=answer)
        assert [one.why for one in suggestions(case.case.state)] == why
    changed(case, "person", "agent-2")
    assert suggestions(case.case.state) == []


# --- the effect -----------------------------------------------------------------------------------


def row(case: Playing, **verdict: object) -> tuple[dict[str, Any], dict[str, Any]]:
    state = view(case.case.state).model_dump(mode="json")
    return state, {"satisfaction_recorded": verdict} if verdict else {}


def test_what_followed_each_change_is_counted() -> None:
    case = play().ready_to_offer()
    changed(case, "place", "phone")
    case.customer("answer", offer_id=case.offered("sorry"), answer="rejected")
    changed(case, "time", SLOT)
    case.customer("answer", offer_id=case.offered("some"), answer="accepted")
    other = play()
    changed(other, "place", "email")
    good = {"cycle": 1, "resolved": True, "overall": 4}
    bad = {"cycle": 1, "resolved": True, "overall": 2}
    found = {
        one.what: one.model_dump(exclude={"what"})
        for one in effects([row(case, **good), row(other, **bad)], 3)
    }
    assert found["place"] == {"changes": 2, "answered": 1, "accepted": 0, "judged": 2, "satisfied": 1}
    assert found["time"] == {"changes": 1, "answered": 1, "accepted": 1, "judged": 1, "satisfied": 1}
    assert set(found["person"].values()) == {0}


def test_accepted_transfers_are_counted_by_stage_over_all_complaints() -> None:
    case, other = play(), play()
    case.owner("transfer", to="agent-2", reason="r")
    case.do("agent-2", "accept_transfer")
    other.owner("transfer", to="agent-2", reason="r")
    found = transfers([row(case)[0], row(other)[0]], 4)
    stage = case.case.state.stage
    assert (found.total, found.complaints, found.per_complaint) == (1, 4, 0.25)
    assert (found.by_stage, found.per_complaint_by_stage) == ({stage: 1}, {stage: 0.25})
    assert transfers([], 0).per_complaint is None
