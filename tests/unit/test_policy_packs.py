"""The deadlines of each regime, worked out by hand over year ends, Easter, Spring Festival and summer time.

One complaint may carry those of several at once, each on its own calendar; the one that binds is named.
"""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import pytest

from services.routing.view import view
from shared.contract.events import (
    DeadlineBreached,
    DeadlineMet,
    DeadlineSet,
    DeadlineWarned,
    Escalated,
    Notice,
)
from shared.policy.assembling import PACKS
from shared.policy.loader import Policy, load_policy
from shared.policy.pinned import Pinned
from shared.policy.wording import dates, notice
from tests.unit.cases import Playing, play

EVERYTHING = "default,uk-disp,uk-psd,au-rg271,us-cfpb,cn-samr,cn-samr-report,cn-12345"


@lru_cache
def under(name: str) -> Policy:
    return load_policy(name)


def only(regimes: str, *house: str) -> Policy:
    """The deadlines of these regimes alone, and those of the house that are named."""
    policy, names = under(f"default,{regimes}"), regimes.split(",")
    kept = [one for one in policy.pack.obligations if one.regime in names or one.id in house]
    return replace(policy, pack=policy.pack.model_copy(update={"obligations": kept}))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def dues(playing: Playing) -> dict[str, DeadlineSet]:
    return {fact.obligation: fact for fact in playing.all(DeadlineSet)}


GOLDEN = [
    # DISP and PSD, over Easter 2026 (3 and 6 April) and the bank holidays of 4 and 25 May
    ("uk-disp", "2026-04-01T10:00+01:00", "disp_summary_resolution", "2026-04-08T17:00+01:00"),
    ("uk-disp", "2026-04-01T10:00+01:00", "disp_final_response", "2026-05-28T00:00+01:00"),
    ("uk-psd", "2026-04-01T10:00+01:00", "psd_final_response", "2026-04-24T17:00+01:00"),
    ("uk-psd", "2026-04-01T10:00+01:00", "psd_last_day", "2026-05-26T17:00+01:00"),
    # on Easter Saturday; and half past midnight in London, which is still the day before in UTC
    ("uk-disp", "2026-04-04T12:00+01:00", "disp_summary_resolution", "2026-04-09T17:00+01:00"),
    ("uk-disp", "2026-06-30T23:30+00:00", "disp_summary_resolution", "2026-07-06T17:00+01:00"),
    # over the turn of the year: 25 and 28 December (for Boxing Day on a Saturday), 1 January
    ("uk-disp", "2026-12-22T09:00+00:00", "disp_summary_resolution", "2026-12-29T17:00+00:00"),
    ("uk-disp", "2026-12-22T09:00+00:00", "disp_final_response", "2027-02-17T00:00+00:00"),
    ("uk-psd", "2026-12-22T09:00+00:00", "psd_final_response", "2027-01-15T17:00+00:00"),
    ("uk-psd", "2026-12-22T09:00+00:00", "psd_last_day", "2027-02-12T17:00+00:00"),
    # RG 271: 24 hours and 30 days, over the turn of the year and the end of summer time on 5 April 2026
    ("au-rg271", "2026-12-21T10:00+11:00", "rg271_acknowledgement", "2026-12-22T10:00+11:00"),
    ("au-rg271", "2026-12-21T10:00+11:00", "rg271_idr_response", "2027-01-21T00:00+11:00"),
    ("au-rg271", "2026-04-04T12:00+11:00", "rg271_acknowledgement", "2026-04-05T11:00+10:00"),
    ("au-rg271", "2026-03-20T12:00+11:00", "rg271_idr_response", "2026-04-20T00:00+10:00"),
    # CFPB: 15 and 60 days, over the turn of the year and the begin of summer time on 8 March 2026
    ("us-cfpb", "2026-12-28T10:00-05:00", "cfpb_response", "2027-01-13T00:00-05:00"),
    ("us-cfpb", "2026-12-28T10:00-05:00", "cfpb_final_response", "2027-02-27T00:00-05:00"),
    ("us-cfpb", "2026-03-01T12:00-05:00", "cfpb_response", "2026-03-17T00:00-04:00"),
    # SAMR: Spring Festival 15 to 23 February 2026, 14 and 28 February worked; Qingming 4 to 6 April
    ("cn-samr", "2026-02-10T10:00+08:00", "samr_acceptance", "2026-02-26T18:00+08:00"),
    ("cn-samr", "2026-02-10T10:00+08:00", "samr_mediation", "2026-04-21T18:00+08:00"),
    ("cn-samr-report", "2026-02-10T10:00+08:00", "samr_report_check", "2026-03-09T18:00+08:00"),
    # New Year: 1 to 3 January off, Sunday the 4th worked
    ("cn-samr", "2025-12-29T10:00+08:00", "samr_acceptance", "2026-01-08T18:00+08:00"),
    # 12345: 13 working days, 15 calendar days
    ("cn-12345", "2026-02-10T10:00+08:00", "hotline_dispatch", "2026-02-11T10:00+08:00"),
    ("cn-12345", "2026-02-10T10:00+08:00", "hotline_answer", "2026-03-05T18:00+08:00"),
    ("cn-12345", "2026-02-10T10:00+08:00", "hotline_complex_answer", "2026-02-26T00:00+08:00"),
]  # fmt: skip


@pytest.mark.parametrize(("regime", "received_at", "obligation", "due"), GOLDEN)
def test_a_deadline_falls_due_as_worked_out_by_hand(
    regime: str, received_at: str, obligation: str, due: str
) -> None:
    playing = play(at(received_at), under=only(regime))
    if obligation == "hotline_complex_answer":  # complex is what takes another department's part
        assert obligation not in dues(playing)
        playing.owner("open_task", unit="another", text="t")
    fact = dues(playing)[obligation]
    assert (fact.regime, fact.due, fact.provisional) == (regime, at(due), False)


@pytest.mark.parametrize(
    ("severity", "dispatch", "answer"),
    [
        (3, "2026-02-11T10:00+08:00", "2026-03-05T18:00+08:00"),
        (4, "2026-02-10T12:00+08:00", "2026-02-13T18:00+08:00"),
        (5, "2026-02-10T11:00+08:00", "2026-02-10T18:00+08:00"),
    ],
)
def test_the_hotline_gives_less_time_to_what_is_urgent(severity: int, dispatch: str, answer: str) -> None:
    hints = {"category": "product", "severity": severity}
    playing = play(at("2026-02-10T10:00+08:00"), under=only("cn-12345"), hints=hints)
    assert dues(playing)["hotline_dispatch"].due == at(dispatch)
    assert dues(playing)["hotline_answer"].due == at(answer)


def test_a_work_order_is_dispatched_when_it_has_an_owner() -> None:
    playing = play(at("2026-02-10T10:00+08:00"), under=only("cn-12345"))
    assert [(one.obligation, one.by_fact) for one in playing.all(DeadlineMet)] == [
        ("hotline_dispatch", "assigned")
    ]
    late = play(at("2026-02-10T10:00+08:00"), opened_at=at("2026-02-12T10:00+08:00"), under=only("cn-12345"))
    assert [(one.obligation, one.late) for one in late.all(DeadlineMet)] == [("hotline_dispatch", True)]
    assert late.last(DeadlineBreached).late_registration


def test_the_hotlines_chain_of_reminders_is_climbed_rung_by_rung() -> None:
    playing = play(at("2026-02-10T10:00+08:00"), under=only("cn-12345"))
    owner, lead, manager = (
        playing.owned_by,
        playing.opening.pinned.chain.lead,
        playing.opening.pinned.chain.manager,
    )
    playing.owner("respond", kind="plan", text="t")
    told = [
        (one.name, one.at) for one in playing.later(days=60) if one.name in ("deadline_warned", "escalated")
    ]
    assert [name for name, _ in told] == ["deadline_warned"] + ["escalated"] * 2
    warned = [one for one in playing.all(DeadlineWarned) if one.obligation == "hotline_answer"]
    assert [(one.reminder, one.to, one.copied_to) for one in warned] == [("phone_reminder", owner, None)]
    assert told[0][1] == at("2026-03-04T18:00+08:00")
    written, criticism = playing.all(Escalated)
    assert (written.level, written.why, written.to, written.copied_to) == (
        1,
        "written_reminder",
        owner,
        [lead],
    )
    assert told[1][1] == at("2026-03-06T18:00+08:00")
    assert (criticism.level, criticism.why, criticism.to) == (2, "written_criticism", lead)
    assert criticism.copied_to == [manager]
    assert told[2][1] == at("2026-03-13T18:00+08:00")
    assert playing.owned_by == lead
    assert [one.template for one in playing.all(Notice)] == ["response", "delay"]


def test_an_answer_in_time_stops_the_chain() -> None:
    playing = play(at("2026-02-10T10:00+08:00"), under=only("cn-12345"))
    playing.until(at("2026-03-04T19:00+08:00"))
    playing.resolved()
    assert playing.last(DeadlineWarned).reminder == "phone_reminder"
    assert not [one for one in playing.later(days=60) if one.name in ("escalated", "deadline_breached")]


def test_the_end_of_mediation_starts_the_time_of_its_notice() -> None:
    playing = play(at("2026-02-10T10:00+08:00"), under=only("cn-samr"))
    assert "samr_notice_of_end" not in dues(playing)
    playing.until(at("2026-02-13T10:00+08:00"))
    playing.owner("respond", kind="explanation", text="t")
    assert "samr_acceptance" in {one.obligation for one in playing.all(DeadlineMet)}
    playing.owner(
        "final_decision", decision="rejected", standards=["after-sales-7"], text="t", recourse="12315"
    )
    assert dues(playing)["samr_notice_of_end"].due == at("2026-03-02T18:00+08:00")
    met = {one.obligation: one.by_fact for one in playing.all(DeadlineMet)}
    assert met["samr_notice_of_end"] == "notice"
    assert met["samr_mediation"] == "final_decision"


def test_one_complaint_runs_under_all_regimes_at_once() -> None:
    playing = play(at("2026-04-01T09:00+00:00"), under=under(EVERYTHING))
    started = dues(playing)
    assert {fact.regime for fact in started.values()} >= {"house", *EVERYTHING.split(",")} - {"default"}
    assert started["response_24h"].due == at("2026-04-02T09:00+00:00")
    assert started["disp_summary_resolution"].due == at("2026-04-08T17:00+01:00")
    assert started["psd_final_response"].due == at("2026-04-24T17:00+01:00")
    assert started["samr_acceptance"].due == at("2026-04-13T18:00+08:00")
    assert started["hotline_answer"].due == at("2026-04-21T18:00+08:00")
    assert started["rg271_idr_response"].due == at("2026-05-02T00:00+10:00")
    assert started["cfpb_response"].due == at("2026-04-17T00:00-04:00")


def test_each_regime_is_met_by_its_own_fact() -> None:
    playing = play(at("2026-04-01T09:00+00:00"), under=under(EVERYTHING))
    playing.later(hours=1)
    playing.owner("respond", kind="plan", text="t")
    after_response = {one.obligation for one in playing.all(DeadlineMet)}
    assert {"response_24h", "samr_acceptance", "cfpb_response", "rg271_acknowledgement"} <= after_response
    assert not {"disp_final_response", "psd_final_response", "samr_mediation"} & after_response
    playing.owner("final_decision", decision="rejected", standards=["disp-1.4.1"], text="t", recourse="FOS")
    met = {one.obligation: one.regime for one in playing.all(DeadlineMet)}
    assert met["disp_final_response"] == "uk-disp"
    assert met["psd_last_day"] == "uk-psd"
    assert met["hotline_answer"] == "cn-12345"
    assert playing.case.next_due is None


def test_the_obligation_that_runs_out_first_is_named() -> None:
    regimes = only("uk-disp,uk-psd,cn-samr,cn-12345", "response_24h", "resolution")
    playing = play(at("2026-04-01T09:00+00:00"), under=regimes)
    first = view(playing.case.state).binding
    assert first is not None
    assert (first.obligation, first.regime) == ("response_24h", "house")
    named = []
    playing.owner("respond", kind="plan", text="t")
    for _ in range(3):
        binding = view(playing.case.state).binding
        assert binding is not None
        named.append((binding.obligation, binding.regime, binding.due))
        playing.until(binding.due)
    assert named == [
        ("hotline_answer", "cn-12345", at("2026-04-21T18:00+08:00")),
        ("resolution", "house", at("2026-04-23T18:00+08:00")),
        ("psd_final_response", "uk-psd", at("2026-04-24T17:00+01:00")),
    ]


def test_nothing_binds_once_the_complaint_is_resolved_and_inner_clocks_never_do() -> None:
    playing = play(at("2026-04-01T09:00+00:00"), under=under("default,uk-psd"))
    playing.owner("respond", kind="plan", text="t")
    before = view(playing.case.state).binding
    playing.owner("transfer", to="agent-2" if playing.owned_by != "agent-2" else "agent-1", reason="r")
    assert view(playing.case.state).binding == before
    playing.owner(
        "final_decision", decision="rejected", standards=["after-sales-7"], text="t", recourse="FOS"
    )
    assert view(playing.case.state).binding is None


@pytest.mark.parametrize(
    ("received_at", "obligation", "provisional"),
    [
        ("2026-12-20T10:00+08:00", "samr_acceptance", False),
        ("2026-12-28T10:00+08:00", "samr_acceptance", True),
        ("2026-12-20T10:00+08:00", "samr_mediation", True),
        ("2026-12-20T10:00+08:00", "psd_last_day", False),
        ("2028-12-20T10:00+00:00", "psd_last_day", True),
        ("2028-12-20T10:00+00:00", "disp_final_response", False),
    ],
)
def test_a_working_day_beyond_the_published_years_is_provisional(
    received_at: str, obligation: str, provisional: bool
) -> None:
    playing = play(at(received_at), under=under("default,uk-disp,uk-psd,cn-samr"))
    assert dues(playing)[obligation].provisional is provisional


@pytest.mark.parametrize("name", sorted(path.name for path in PACKS.iterdir()))
def test_every_built_in_pack_takes_a_complaint_through_its_life(name: str) -> None:
    playing = play(at("2026-04-01T09:00+00:00"), under=under(name)).resolved()
    assert playing.names[-1] == "notice"
    assert "resolved" in playing.names
    assert not [one for one in playing.case.state.clocks if one.status in ("running", "paused", "breached")]
    assert playing.opening.pinned.identity.id == name


def test_used_calendars_alone_are_pinned_and_stay_small() -> None:
    pinned = play(under=under("default,uk-psd,us-cfpb")).opening.pinned
    assert set(pinned.calendars) == {"gb-eng", "us"}
    assert play(under=under("uk-psd")).opening.pinned.calendars == {}
    everything = play(under=under(EVERYTHING)).opening.pinned
    assert len(everything.model_dump_json()) < 30_000


def test_a_policy_pinned_before_there_were_regimes_can_still_be_read() -> None:
    old: dict[str, Any] = play().opening.pinned.model_dump(mode="json")
    del old["calendars"]
    for obligation in old["obligations"]:
        del obligation["calendar"]
    assert Pinned.model_validate(old) == play().opening.pinned


def test_the_default_pack_keeps_its_names_and_the_house_as_regime() -> None:
    obligations = under("default").pack.obligations
    assert {"acknowledgement", "response_24h", "resolution"} <= {one.id for one in obligations}
    assert {one.regime for one in obligations} == {"house"}


def test_the_acknowledgement_of_a_payment_complaint_states_both_dates() -> None:
    policy, received_at = under("uk-psd"), at("2026-04-01T09:00+00:00")
    said = dates(policy, "acknowledgement", received_at, "Europe/London", "en")
    text = notice(
        policy.pack, "acknowledgement", "en", said | {"title": "t", "complaint_id": "C", "by_when": "b"}
    )
    assert "final response by 24 April 2026, 17:00 (London time)" in text
    assert "by 26 May 2026, 17:00 (London time) at the latest" in text
    assert "$" not in text
