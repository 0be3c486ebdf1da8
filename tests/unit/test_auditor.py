"""Each invariant finds a forged history that breaks just it, and nothing in the good history before."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from services.console.audit.auditor.auditing import Auditor
from services.console.audit.auditor.invariants import INVARIANTS
from services.console.audit.auditor.kept import KeptAudit
from services.console.audit.auditor.numbering import MOST_HELD
from tests.unit.audited import Json, found_in
from tests.unit.cases import Playing, play
from tests.unit.certified import timeline

Forge = Callable[[list[Json]], None]
FORGED: dict[str, tuple[Callable[[], Playing], Forge]] = {}
NO_TRANSFER: dict[str, int | None] = {}


def forged(code: str, story: Callable[[], Playing]) -> Callable[[Forge], Forge]:
    def keep(forge: Forge) -> Forge:
        FORGED[code] = story, forge
        return forge

    return keep


# --- good histories -----------------------------------------------------------------------------------


def opened() -> Playing:
    return play()


def resolved() -> Playing:
    return play().resolved()


def offered() -> Playing:
    case = play().ready_to_offer()
    case.offered()
    return case


def rejected_twice() -> Playing:
    case = play().ready_to_offer()
    for option in ("some", "all"):
        case.customer("answer", offer_id=case.offered(option), answer="rejected")
    return case


def taken_back() -> Playing:
    case = play().ready_to_offer()
    case.owner("withdraw_offer", offer_id=case.offered(), reason="r")
    return case


def breached() -> Playing:
    case = play()
    case.later(hours=25)
    return case


def dangerous() -> Playing:
    return play(safety=True)


def withdrawn_by_two() -> Playing:
    case = play()
    case.owner("respond", kind="explanation", text="t")
    asked = case.owner("withdraw", reason="r").result
    case.do(str(asked["to"]), "approve", request_id=asked["request_id"], approved=True)
    return case


# --- forging ------------------------------------------------------------------------------------------


def place(facts: list[Json], name: str, last: bool = False) -> int:
    found = [number for number, fact in enumerate(facts) if fact["type"] == f"complaints.event.{name}.v1"]
    return found[-1 if last else 0]


def data(facts: list[Json], name: str) -> Json:
    return facts[place(facts, name)]["data"]  # type: ignore[no-any-return]


def again(facts: list[Json], name: str) -> Json:
    """Put a copy of a fact behind it."""
    facts.insert(place(facts, name), deepcopy(facts[place(facts, name)]))
    return data(facts, name)


def add(facts: list[Json], name: str, actor: str | None = None, hours: float = 0, **own: object) -> None:
    """Put a fact of routing at the end."""
    one = deepcopy(next(fact for fact in reversed(facts) if fact["source"] == "amends/routing"))
    header = {key: one["data"][key] for key in ("complaint_id", "cycle", "stage", "policy")}
    who = {"id": actor or "agent-1", "role": "agent"}
    one["type"], one["data"] = f"complaints.event.{name}.v1", header | {"actor": who} | own
    one["time"] = (datetime.fromisoformat(one["time"]) + timedelta(hours=hours)).isoformat()
    facts.append(one)


def numbered(facts: list[Json]) -> list[Json]:
    """Number the facts anew, so that nothing shows that some were added or removed."""
    count: dict[str, int] = {}
    for fact in facts:
        service = fact["source"]
        fact["data"]["seq"] = count[service] = count.get(service, 0) + 1
        fact["id"] = f"{fact['data']['complaint_id']}-{service.rpartition('/')[2]}-{count[service]}"
    return facts


def transfer(facts: list[Json], sender: str, to: str) -> None:
    add(facts, "transferred", sender, transfer_id="transfer-1", sender=sender, to=to)
    add(facts, "assigned", to, owner=to, team="t", level=0, why="transfer", previous=sender)


@forged("one_owner", offered)
def another_person_responds(facts: list[Json]) -> None:
    data(facts, "responded")["actor"]["id"] = "agent-9"


@forged("owner_concerned", opened)
def the_complaint_is_about_its_owner(facts: list[Json]) -> None:
    data(facts, "received")["about_staff"] = data(facts, "assigned")["owner"].upper()
    del facts[place(facts, "assigned") + 1 :]


@forged("owner_changed_otherwise", opened)
def another_owner_without_a_proposal(facts: list[Json]) -> None:
    owner = data(facts, "assigned")["owner"]
    add(facts, "assigned", "agent-9", owner="agent-9", team="t", level=0, why="transfer", previous=owner)


@forged("ping_pong", opened)
def back_and_forth(facts: list[Json]) -> None:
    owner = data(facts, "assigned")["owner"]
    transfer(facts, owner, "agent-9")
    transfer(facts, "agent-9", owner)


@forged("too_many_transfers", opened)
def a_transfer_where_none_is_allowed(facts: list[Json]) -> None:
    NO_TRANSFER[data(facts, "triaged")["policy"]["hash"]] = 0
    transfer(facts, data(facts, "assigned")["owner"], "agent-9")


@forged("offer_too_early", offered)
def an_offer_without_an_interest(facts: list[Json]) -> None:
    del facts[place(facts, "interest_recorded")]


@forged("offer_not_prepared", offered)
def an_offer_of_something_else(facts: list[Json]) -> None:
    data(facts, "offer_made")["amount"]["value"] = "101.00"


@forged("no_standard", offered)
def an_offer_without_a_standard(facts: list[Json]) -> None:
    data(facts, "offer_made")["standards"] = []


@forged("worse_offer", rejected_twice)
def the_better_offer_first(facts: list[Json]) -> None:
    first, last = (facts[place(facts, "offer_made", last)]["data"] for last in (False, True))
    for field in ("option_id", "amount", "value"):
        first[field], last[field] = last[field], first[field]


@forged("offer_not_open", rejected_twice)
def an_answer_to_an_offer_that_ran_out(facts: list[Json]) -> None:
    data(facts, "offer_made")["expires_at"] = facts[place(facts, "offer_answered")]["time"]


@forged("offer_ended_otherwise", taken_back)
def an_offer_is_withdrawn_twice(facts: list[Json]) -> None:
    again(facts, "offer_withdrawn")


@forged("agreed_without_acceptance", resolved)
def agreed_after_a_rejection(facts: list[Json]) -> None:
    data(facts, "offer_answered")["answer"] = "rejected"


@forged("resolved_undone", resolved)
def resolved_without_the_last_action(facts: list[Json]) -> None:
    del facts[place(facts, "action_completed", last=True)]


@forged("left_open", resolved)
def resolved_over_an_open_task(facts: list[Json]) -> None:
    add(facts, "task_opened", task_id="task-9", unit="depot")
    facts.insert(place(facts, "resolved"), facts.pop())


@forged("obligation_ended_otherwise", resolved)
def a_deadline_is_met_twice(facts: list[Json]) -> None:
    again(facts, "deadline_met")


@forged("warned_twice", breached)
def a_warning_comes_twice(facts: list[Json]) -> None:
    again(facts, "deadline_warned")


@forged("escalated_twice", breached)
def an_escalation_comes_twice(facts: list[Json]) -> None:
    again(facts, "escalated")


@forged("safety_lowered", dangerous)
def a_flag_lowered_by_one_person(facts: list[Json]) -> None:
    said = data(facts, "triaged")
    add(facts, "triaged", **{key: said[key] for key in ("category", "severity")}, safety=False)


@forged("severity_lowered", dangerous)
def a_severity_lowered_by_one_person(facts: list[Json]) -> None:
    add(facts, "triaged", category="product", severity=1, safety=True)


@forged("harassment_alone", opened)
def harassment_marked_by_one_person(facts: list[Json]) -> None:
    said = data(facts, "triaged")
    kept = {key: said[key] for key in ("category", "severity", "safety")}
    add(facts, "triaged", **kept, motives=[{"motive": "harassment", "confidence": 1, "source": "person:x"}])


@forged("approved_by_the_asker", withdrawn_by_two)
def a_request_approved_by_its_asker(facts: list[Json]) -> None:
    data(facts, "approval_given")["actor"]["id"] = data(facts, "approval_requested")["asked_by"]


@forged("after_the_end", resolved)
def a_response_after_the_end(facts: list[Json]) -> None:
    add(facts, "responded", data(facts, "assigned")["owner"], kind="plan", text_ref="t")


@forged("after_closed", resolved)
def a_notice_after_closed(facts: list[Json]) -> None:
    add(facts, "closed", outcome="satisfied")
    facts[-1]["source"] = "amends/followup"
    add(facts, "notice", hours=1, template="progress")


@forged("gap", opened)
def a_fact_is_missing(facts: list[Json]) -> None:
    """Numbers stay as they are."""


# --- what is found ------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", FORGED)
def test_a_forged_history_is_found_by_just_its_invariant(code: str) -> None:
    story, forge = FORGED[code]
    facts = timeline(story())
    assert found_in(facts) == []
    NO_TRANSFER.clear()
    forge(facts)
    numbered(facts)
    if code == "gap":
        del facts[place(facts, "assigned")]
    found = found_in(facts, NO_TRANSFER)
    assert {invariant for invariant, _ in found} == {code}, found


def test_every_invariant_has_a_forged_history() -> None:
    assert {*FORGED, "number_reused", "unreadable"} == set(INVARIANTS)
    for one in INVARIANTS.values():
        assert all(text.endswith((".", "。")) for text in one)


def test_a_repeated_fact_counts_once_and_another_under_its_number_is_found() -> None:
    facts = timeline(resolved())
    facts.insert(9, facts[6])
    assert found_in(facts) == []
    forged_fact = deepcopy(facts[-1])
    forged_fact["data"]["actor"]["id"] = "agent-9"
    assert found_in([*facts, forged_fact]) == [("number_reused", forged_fact["type"].split(".")[-2])]


def test_facts_that_come_in_another_order_are_judged_in_their_own() -> None:
    facts = timeline(resolved())
    head, rest = facts[:1], facts[1:]
    for start in range(0, len(rest), 7):
        rest[start : start + 7] = reversed(rest[start : start + 7])
    assert found_in(head + rest) == []


def test_a_message_that_is_no_fact_is_named_by_its_place() -> None:
    auditor = Auditor(KeptAudit(None), {})
    assert list(auditor.take(b"{}", 7)) == [("", "#7", "unreadable")]
    assert list(auditor.take(b"\xff", 8)) == [("", "#8", "unreadable")]


def test_of_an_archive_that_was_cut_complaints_without_their_beginning_are_counted() -> None:
    facts = [json.dumps(one).encode() for one in timeline(resolved())]
    auditor = Auditor(KeptAudit(None), {}, whole=False)
    assert [one for fact in facts[5:] for one in auditor.take(fact)] == []
    assert auditor.cut == 1


def test_an_audit_continues_where_it_was_stopped_and_remembers_what_it_found(tmp_path: Path) -> None:
    facts = timeline(resolved())
    FORGED["agreed_without_acceptance"][1](facts)
    found = []
    for number, fact in enumerate(facts):
        kept = KeptAudit(tmp_path / "audit.db", most=1)
        found += list(Auditor(kept, {}).take(json.dumps(fact).encode()))
        kept.save(place=number)
        assert kept.number("place") == number
        assert kept.findings() == found
        kept.close()
    assert [code for _, _, code in found] == ["agreed_without_acceptance"]


def test_memory_holds_few_complaints_and_little_of_a_closed_one(tmp_path: Path) -> None:
    story = timeline(resolved())
    add(story, "closed", outcome="satisfied")
    story[-1]["source"] = "amends/followup"
    facts = [json.dumps(one) for one in numbered(story)]
    kept = KeptAudit(tmp_path / "audit.db", most=3)
    auditor = Auditor(kept, {})
    ids = [f"C{number:015}" for number in range(20)]
    for fact in facts:
        for one in ids:
            assert list(auditor.take(fact.replace("Caaaaaaaaaaaaaaa", one).encode())) == []
            assert len(kept._recent) <= 3
    assert all(len(json.dumps(kept.of(one))) < 200 for one in ids)


def test_a_missing_fact_is_given_up_after_a_hundred_that_wait_for_it() -> None:
    facts = timeline(opened())
    for _ in range(MOST_HELD + 10):
        add(facts, "notice", template="progress")
    numbered(facts)
    del facts[3]
    auditor = Auditor(KeptAudit(None), {})
    found = [one for fact in facts for one in auditor.take(json.dumps(fact).encode())]
    assert [code for _, _, code in found] == ["gap"]


def test_what_two_people_decided_is_no_finding() -> None:
    case = play(safety=True)
    case.owner("reclassify", safety=False, severity=2, motives=["harassment"], reason="r")
    for number in (1, 2):
        case.do(case.case.state.chain.manager, "approve", request_id=f"approval-{number}", approved=True)
    case.later(hours=24 * 100)
    assert not case.case.state.triage.safety
    assert case.case.state.triage.severity == 2
    assert found_in(timeline(case)) == []
