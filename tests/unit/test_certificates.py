"""A certificate says what is on record; whoever recomputes it finds the same, and anything else out."""

import copy
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.console.audit.verifier.comparing import verify
from services.console.audit.verifier.given import NotAsWritten, certificates_in, text_of
from shared.contract.queries import digest_of
from shared.contract.values import PolicyId
from shared.policy.kept import hash_of
from tests.unit.case_packs import SHORTER, edited, with_obligations
from tests.unit.cases import MONDAY, Playing, play, policy
from tests.unit.certified import certified, faults, timeline, verified

Json = dict[str, Any]
CONTENT = {policy().identity.hash: policy().content}


def eventful() -> Playing:
    """Answered late, paused, extended, paused again, breached: one of everything."""
    case = play(hints={"category": "product", "severity": 4})
    case.later(hours=30)
    case.owner("respond", kind="plan", text="t", promise_by=(case.now + timedelta(days=2)).isoformat())
    case.owner("pause", reason="r")
    case.later(days=3)
    case.owner("resume", reason="r")
    until = case.case.state.clock("resolution")
    assert until
    case.owner(
        "extend", obligation="resolution", until=(until.due + timedelta(days=1)).isoformat(), reason="r"
    )
    case.owner("pause", reason="r")
    case.later(days=1)
    case.owner("resume", reason="r")
    case.later(days=20)
    return case


def of(case: Playing, name: str) -> Json:
    return next(one for one in certified(case) if one["obligation"] == name)


def test_a_certificate_has_its_start_pauses_moves_warnings_and_end() -> None:
    found = of(eventful(), "resolution")
    assert (found["started_by"], found["outcome"], found["ended_by"]) == (
        "received",
        "breached",
        "deadline_breached",
    )
    assert found["budget"] == {"clock": "business_days", "amount": "5d"}
    assert [move["why"] for move in found["moves"]] == ["pause", "extension", "pause"]
    assert len(found["pauses"]) == 2
    assert [one["percent"] for one in found["warnings"]] == [75]
    assert found["end_fact"] == found["breach_fact"]
    assert found["policy"]["hash"] == policy().identity.hash == hash_of(policy().content)


def test_every_certificate_of_an_eventful_case_is_computed_alike() -> None:
    case = eventful()
    assert {one.obligation for one in verified(case)} == {
        "acknowledgement", "response_24h", "resolution", "silence", "promise-1", "promise-2"
    }  # fmt: skip
    assert faults(verified(case)) == {}


@pytest.mark.parametrize("severity", [1, 2, 3, 4, 5])
def test_the_budget_is_that_of_the_severity_at_the_time(severity: int) -> None:
    case = play(hints={"category": "product", "severity": severity})
    case.later(days=2)
    changed = 1 if severity > 2 else 5
    reply = case.lead("reclassify", severity=changed, reason="r")
    if "request_id" in reply.result:
        case.do("manager-1", "approve", request_id=reply.result["request_id"], approved=True)
    case.later(days=30)
    assert faults(verified(case)) == {}
    found = of(case, "resolution")
    assert [move["why"] for move in found["moves"]] == ["severity"]


def test_a_deadline_missed_before_the_registration_is_certified_as_registered_late() -> None:
    case = play(MONDAY - timedelta(days=30), opened_at=MONDAY)
    assert of(case, "response_24h")["late_registration"] is True
    assert faults(verified(case)) == {}


def test_a_second_cycle_has_certificates_of_its_own() -> None:
    case = play().resolved()
    case.later(days=8)
    case.reopen()
    case.later(days=40)
    cycles = [one["cycle"] for one in certified(case) if one["obligation"] == "resolution"]
    assert cycles == [1, 2]
    assert [one["started_by"] for one in certified(case) if one["obligation"] == "resolution"] == [
        "received",
        "reopened",
    ]
    assert faults(verified(case)) == {}


@pytest.mark.parametrize(
    ("clock", "amount"),
    [("elapsed", "50h"), ("business", "20h"), ("business_days", "3d"), ("calendar_days", "5d")],
)
def test_each_of_the_four_clocks_is_computed_alike(clock: str, amount: str) -> None:
    pack = with_obligations(
        {
            "id": "special",
            "starts": "received",
            "budget": {"clock": clock, "amount": amount},
            "warn_at": [10, 50, 90],
            "met_by": ["resolved"],
            "pausable": True,
        }
    )
    under = replace(pack, identity=PolicyId(id="test", hash=hash_of(pack.content)))
    case = play(under=under)
    case.later(hours=5)
    case.owner("pause", reason="r")
    case.later(hours=50)
    case.owner("resume", reason="r")
    case.later(days=20)
    assert faults(verified(case, under)) == {}


# --- what does not hold is found ------------------------------------------------------------------


def test_no_character_of_a_certificate_can_be_changed() -> None:
    case = eventful()
    text = text_of([of(case, "resolution")])
    facts = timeline(case)
    for place in range(len(text)):
        changed = text[:place] + ("#" if text[place] != "#" else "+") + text[place + 1 :]
        assert not holds(changed, facts), text[max(0, place - 30) : place + 30]


def test_no_digit_letter_or_space_can_be_another() -> None:
    case = eventful()
    text = text_of([of(case, "promise-2")])
    facts = timeline(case)
    assert holds(text, facts)
    for place, letter in enumerate(text):
        other = {"digit": "7" if letter != "7" else "3", "space": "\t", "letter": letter.swapcase()}
        kind = "digit" if letter.isdigit() else "space" if letter.isspace() else "letter"
        changed = text[:place] + other[kind] + text[place + 1 :]
        assert changed == text or not holds(changed, facts), text[max(0, place - 30) : place + 30]


def holds(text: str, facts: list[Json]) -> bool:
    """Whether the verifier finds nothing wrong with this file."""
    try:
        given = certificates_in(text)
    except NotAsWritten:
        return False
    verdicts = verify("Caaaaaaaaaaaaaaa", CONTENT, facts, given, complete=False)
    return all(verdict.ok for verdict in verdicts)


@pytest.mark.parametrize("field", ["due", "budget", "started_at", "outcome", "pauses", "warnings", "moves"])
def test_a_forged_certificate_with_a_fresh_digest_is_found(field: str) -> None:
    case = eventful()
    forged = of(case, "resolution")
    other: Json = {"budget": {"clock": "business_days", "amount": "6d"}, "outcome": "met"}
    forged[field] = other.get(field, [] if isinstance(forged[field], list) else "2026-12-24T10:00:00Z")
    forged["digest"] = digest_of(forged)
    found = faults(verified(case, given=[forged]))["resolution"]
    assert len(found) == 1
    assert found[0].startswith(f"{field}: it has")


def test_facts_that_agree_with_a_wrong_certificate_do_not_help_it() -> None:
    """The engine could have been wrong when it wrote the facts: the due instant is reckoned, not read."""
    case = play()
    case.later(days=30)
    for recorded in case.recorded:
        if recorded.data.get("obligation") == "response_24h" and "due" in recorded.data:
            shift(recorded.data, "due")
            if recorded.name == "deadline_breached":
                recorded.at += timedelta(hours=1)
    found = faults(verified(case))
    assert any("must be" in fault for fault in found["response_24h"])


@pytest.mark.parametrize("microseconds", [0, 1])
def test_a_fact_that_claims_to_be_in_time_at_the_due_instant_is_found(microseconds: int) -> None:
    """The engine never writes such facts: here they are dated by hand."""
    case = play()
    case.later(hours=23)
    case.owner("respond", kind="plan", text="t")
    case.later(hours=1)
    for recorded in case.recorded:
        if recorded.at == MONDAY + timedelta(hours=23):
            recorded.at = MONDAY + timedelta(hours=24, microseconds=microseconds)
    assert any("it ran out" in fault for fault in faults(verified(case))["response_24h"])


def test_a_cancellation_at_the_due_instant_is_found() -> None:
    case = play()
    case.later(hours=23)
    case.customer("withdraw", reason="r")
    for recorded in case.recorded:
        if recorded.at == case.now:
            recorded.at = MONDAY + timedelta(hours=24)
    assert any("after it ran out" in fault for fault in faults(verified(case))["response_24h"])


def shift(data: Json, field: str) -> None:
    later = datetime.fromisoformat(data[field]) + timedelta(hours=1)
    data[field] = later.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize("name", ["deadline_breached", "deadline_warned", "deadline_moved", "deadline_met"])
def test_a_fact_that_never_came_is_missed(name: str) -> None:
    """As if the engine had forgotten it: numbers without a gap, and certificates that agree."""
    case = eventful()
    last = max(number for number, one in enumerate(case.recorded) if one.name == name)
    del case.recorded[last]
    for seq, recorded in enumerate(case.recorded, start=1):
        recorded.seq = seq
    assert faults(verified(case))


def test_a_fact_missing_in_the_stream_is_a_gap() -> None:
    case = eventful()
    facts = timeline(case)
    del facts[len(facts) // 2]
    verdicts = verify("Caaaaaaaaaaaaaaa", CONTENT, facts, certified(case))
    assert any("one is missing" in fault for fault in faults(verdicts)["(complaint)"])


def test_a_deadline_without_a_certificate_is_named() -> None:
    case = eventful()
    given = [one for one in certified(case) if one["obligation"] != "resolution"]
    assert "there is no certificate" in faults(verified(case, given=given))["resolution"][0]


def test_a_changed_policy_is_found_by_its_hash() -> None:
    case = eventful()
    content = copy.deepcopy(json.loads(policy().content))
    content["pack"]["staff"][0]["capacity"] += 1
    changed = {policy().identity.hash: json.dumps(content, sort_keys=True, ensure_ascii=False)}
    verdicts = verify("Caaaaaaaaaaaaaaa", changed, timeline(case), certified(case))
    assert "has the hash" in faults(verdicts)["(complaint)"][0]


# --- other rules, and late truths -----------------------------------------------------------------


def test_a_migrated_complaint_is_computed_under_each_policy_in_its_time() -> None:
    other = edited(resolution=SHORTER, without="response_24h", more=(VISIT,))
    case = play()
    case.later(days=1)
    case.owner("pause", reason="r")
    case.later(days=1)
    case.migrated(other)
    case.later(days=1)
    case.owner("resume", reason="r")
    case.later(days=20)
    found = {one["obligation"]: one for one in certified(case, policy(), other)}
    assert found["visit"]["policy"]["hash"] == other.identity.hash
    assert found["resolution"]["policy"]["hash"] == policy().identity.hash
    assert "policy" in [move["why"] for move in found["resolution"]["moves"]]
    assert faults(verified(case, policy(), other)) == {}


@pytest.mark.parametrize("hours", [-30, -2, 3])
def test_a_corrected_receipt_is_computed_from_the_true_instant(hours: int) -> None:
    case = play(MONDAY - timedelta(hours=10), opened_at=MONDAY)
    case.owner("respond", kind="plan", text="t")
    case.later(hours=5)
    spoke = MONDAY - timedelta(hours=10) + timedelta(hours=hours)
    case.lead("correct_receipt", received_at=spoke.isoformat(), reason="r")
    case.later(days=40)
    assert faults(verified(case)) == {}
    assert of(case, "response_24h")["outcome"] == ("met_late" if hours == -30 else "met")


VISIT = {
    "id": "visit",
    "starts": "received",
    "budget": {"clock": "business", "amount": "30h"},
    "warn_at": [50],
    "met_by": ["resolved"],
    "pausable": True,
}
