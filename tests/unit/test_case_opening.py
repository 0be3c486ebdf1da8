"""Opening a case: what it is about, who answers, which clocks run, and what was missed before we knew."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.contract.events import (
    Assigned,
    DeadlineBreached,
    DeadlineMet,
    DeadlineSet,
    Escalated,
    Triaged,
)
from shared.contract.values import Category, Motive, Nature
from tests.unit.case_packs import with_obligations
from tests.unit.cases import MONDAY, Playing, play


def _verdicts(case: Playing) -> dict[str, str]:
    return {clock.name: clock.status for clock in case.case.state.clocks}


def test_a_case_opens_with_its_triage_its_one_owner_and_its_clocks() -> None:
    case = play()
    assert case.names == ["triaged", "assigned", *["deadline_set"] * 4, "deadline_met", "deadline_set"]
    assert case.owned_by == case.last(Assigned).owner == "agent-1"
    assert case.last(Assigned).previous is None
    assert [fact.obligation for fact in case.all(DeadlineSet)] == [
        "silence",
        "acknowledgement",
        "response_24h",
        "resolution",
        "promise-1",
    ]


def test_every_opening_fact_is_numbered_and_dated() -> None:
    case = play()
    assert [fact.seq for fact in case.recorded] == list(range(1, len(case.recorded) + 1))
    assert {fact.at for fact in case.recorded} == {MONDAY}
    assert {fact.cycle for fact in case.recorded} == {1}


def test_the_acknowledgement_is_met_by_intakes_notice() -> None:
    met = play().last(DeadlineMet)
    assert (met.obligation, met.by_fact, met.late) == ("acknowledgement", "notice", False)


@pytest.mark.parametrize("seconds", [60, 60.000001, 61])
def test_an_acknowledgement_after_its_minute_is_breached_and_met_late(seconds: float) -> None:
    case = play(MONDAY, opened_at=MONDAY + timedelta(seconds=seconds))
    assert [b.obligation for b in case.all(DeadlineBreached)] == ["acknowledgement"]
    assert case.at(DeadlineBreached) == [MONDAY + timedelta(seconds=60)]
    assert case.last(DeadlineMet).late


def test_an_acknowledgement_in_its_last_second_is_in_time() -> None:
    case = play(MONDAY, opened_at=MONDAY + timedelta(seconds=59.999999))
    assert case.all(DeadlineBreached) == []
    assert not case.last(DeadlineMet).late


def test_every_acknowledgement_of_the_pack_is_met_by_the_one_notice() -> None:
    """Two regimes may each ask for one."""
    second = {"id": "acknowledgement_rg271", "starts": "received", "met_by": ["notice"]}
    case = play(under=with_obligations(second | {"budget": {"clock": "elapsed", "amount": "24h"}}))
    assert [fact.obligation for fact in case.all(DeadlineMet)] == ["acknowledgement", "acknowledgement_rg271"]


def test_a_complaint_of_three_days_ago_is_breached_once_and_marked_so() -> None:
    case = play(MONDAY - timedelta(days=3), opened_at=MONDAY)
    breaches = case.all(DeadlineBreached)
    assert sorted(b.obligation for b in breaches) == ["acknowledgement", "response_24h"]
    assert all(b.late_registration for b in breaches)
    assert MONDAY - timedelta(days=2) in case.at(DeadlineBreached)
    assert case.owned_by == "lead-1"
    case.later(hours=5)
    assert len(case.all(DeadlineBreached)) == 2


def test_a_late_registration_climbs_its_ladder_from_when_we_knew() -> None:
    case = play(MONDAY - timedelta(days=3), opened_at=MONDAY)

    def climbed() -> list[datetime]:
        rule = [one for one in case.recorded if one.data.get("obligation") == "response_24h"]
        return [one.at for one in rule if one.name == "escalated"]

    assert climbed() == [MONDAY]
    case.later(hours=24)
    assert climbed() == [MONDAY, MONDAY + timedelta(hours=24)]


def test_a_deadline_that_ran_out_after_the_registration_is_no_late_registration() -> None:
    case = play(MONDAY - timedelta(hours=20), opened_at=MONDAY)
    case.later(hours=5)
    assert {b.obligation: b.late_registration for b in case.all(DeadlineBreached)} == {
        "acknowledgement": True,
        "response_24h": False,
    }


@pytest.mark.parametrize("where", [{"safety": True}, {"signals": {"safety": True}}])
def test_danger_goes_to_the_lead_at_once(where: dict[str, Any]) -> None:
    case = play(**where)
    assert case.last(Triaged).safety
    assert case.last(Triaged).severity == 5
    assert [e.why for e in case.all(Escalated)] == ["safety"]
    assert case.owned_by == "lead-1"
    assert case.at(Escalated) == [MONDAY]


def test_a_vip_mark_moves_no_deadline() -> None:
    """`sources.md` 119: neither one's own nor another's, and the same person answers."""
    plain, vip = play(), play(vip=True)
    assert [fact.model_dump() for fact in plain.recorded] == [fact.model_dump() for fact in vip.recorded]


def test_the_promise_to_the_complainant_runs_as_a_clock() -> None:
    case = play()
    promise = case.case.state.clock("promise-1")
    assert promise is not None
    assert promise.due == MONDAY + timedelta(hours=24)
    case.owner("respond", kind="explanation", text="t")
    assert _verdicts(case)["promise-1"] == "met"


def test_a_promise_that_is_not_kept_is_a_breach_of_its_own() -> None:
    case = play()
    case.later(hours=25)
    assert {b.obligation for b in case.all(DeadlineBreached)} == {"promise-1", "response_24h"}
    case.owner("respond", kind="explanation", text="t")
    assert {m.obligation for m in case.all(DeadlineMet) if m.late} == {"promise-1", "response_24h"}


@pytest.mark.parametrize(
    ("said", "category"),
    [
        ({"hints": {"category": "price"}, "signals": {"categories": {"product": 9}}}, Category.PRICE),
        ({"hints": {}, "signals": {"categories": {"product": 1, "policy": 3}}}, Category.POLICY),
        ({"hints": {}}, Category.SERVICE),
    ],
)
def test_the_category_is_the_hint_or_else_the_guess_from_the_words(
    said: dict[str, Any], category: Category
) -> None:
    assert play(**said).last(Triaged).category == category


def test_motives_are_guesses_with_their_source_each_once() -> None:
    guess = {"motive": "refund", "confidence": 0.4, "source": "lexicon"}
    other = {"motive": "apology", "confidence": 0.6, "source": "lexicon"}
    case = play(hints={"motives": ["refund"]}, signals={"motives": [guess, other]})
    found = case.last(Triaged).motives
    assert [(m.motive, m.source) for m in found] == [(Motive.REFUND, "hint"), (Motive.APOLOGY, "lexicon")]


@pytest.mark.parametrize(
    ("said", "nature"),
    [
        ({"hints": {"motives": ["suggestion"]}}, Nature.OPINION),
        ({"hints": {"motives": ["suggestion", "refund"]}}, Nature.TRANSACTION),
        ({"hints": {"motives": ["apology"]}}, Nature.ATTITUDE),
        ({"hints": {}, "about_staff": "agent-5"}, Nature.ATTITUDE),
        ({"hints": {}}, Nature.TRANSACTION),
    ],
)
def test_the_nature_follows_from_motives_and_from_whom_it_is_about(
    said: dict[str, Any], nature: Nature
) -> None:
    assert play(**said).last(Triaged).nature == nature
