"""Levels above the manager are data of the policy: who holds them, what goes up to them, what is refused."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.contract.errors import Refusal
from shared.contract.events import (
    ApprovalRequested,
    Assigned,
    ChainChanged,
    CommanderNamed,
    Escalated,
    FeedbackRaised,
    Unattended,
)
from shared.contract.values import Concerned
from shared.policy.chains import answering, chain_of
from shared.policy.feedback import FeedbackTerms
from shared.policy.loader import Policy
from shared.policy.obligation import Step
from shared.policy.problems import Loc
from shared.policy.roster import Absence, EscalationLevel, Staff
from shared.policy.roster_checks import roster_problems
from tests.unit.bad_packs import PackCopy
from tests.unit.cases import Playing, play, policy


def level(name: str) -> EscalationLevel:
    return EscalationLevel(id=name, title={"en": name})


def person(who: str, role: str, **more: Any) -> Staff:
    team = {"team": "product-care", "languages": ["zh"]}
    return Staff.model_validate({"id": who, "role": role} | team | more)


HIGHER = [person("director-1", "director"), person("director-2", "director"), person("board-1", "board")]


def four_levels(*people: Staff, **more: Any) -> Policy:
    """Default pack with two levels above the manager."""
    pack = policy().pack
    levels = [*pack.escalation_levels, level("director"), level("board")]
    staff = [*pack.staff, *(people or HIGHER)]
    update = {"escalation_levels": levels, "staff": staff} | more
    return replace(policy(), pack=pack.model_copy(update=update))


def case_of(own: Policy, **said: Any) -> Playing:
    return play(under=own, **said)


def test_a_complaint_goes_up_level_by_level_to_the_top_and_no_further() -> None:
    case = case_of(four_levels())
    owners = [(case.last(Assigned).owner, case.last(Assigned).level) for _ in climbed(case, 4)]
    assert owners == [("lead-1", 1), ("manager-1", 2), ("director-1", 3), ("board-1", 4)]
    refusal = case.refused("manager-2", "escalate", reason="r")
    assert "board-1" in refusal.message


def climbed(case: Playing, times: int) -> Any:
    for _ in range(times):
        case.do("agent-1", "escalate", reason="r")
        yield case


def test_two_levels_are_the_usual_ones() -> None:
    case = play()
    for _ in climbed(case, 2):
        pass
    assert case.owned_by == "manager-1"
    assert isinstance(case.ask("agent-1", "escalate", reason="r"), Refusal)


def test_a_ladder_climbs_to_the_levels_that_it_names() -> None:
    day = {"clock": "elapsed", "amount": "24h"}
    rungs = [{"to": "lead"}, {"to": "director", "after": day}, {"to": "board", "after": day}]
    rules = [
        one.model_copy(update={"ladder": [Step.model_validate(step) for step in rungs]})
        if one.id == "response_24h"
        else one
        for one in policy().pack.obligations
    ]
    case = case_of(four_levels(obligations=rules))
    case.later(hours=24 + 49)
    mine = [one for one in case.all(Escalated) if one.obligation == "response_24h"]
    assert [one.to for one in mine] == ["lead-1", "director-1", "board-1"]
    assert (case.owned_by, case.case.state.level) == ("board-1", 4)


def test_a_level_whose_people_are_all_concerned_is_passed_over_with_an_alarm() -> None:
    case = case_of(four_levels(), concerned=Concerned(staff=["director-1", "director-2"]))
    assert case.last(Unattended).roles == ["director"]
    owners = [case.last(Assigned).owner for _ in climbed(case, 3)]
    assert owners == ["lead-1", "manager-1", "board-1"]


def test_a_level_above_the_manager_is_never_filled_from_another_level() -> None:
    pack = four_levels(person("board-1", "board")).pack
    held = {"lead": "lead-1", "manager": "manager-1", "director": "nobody", "board": "board-1"}
    assert chain_of(pack, pack.teams[0], pack.staff).held == held


def test_a_director_stands_in_for_a_manager_where_no_other_is_left_and_the_levels_stay_in_order() -> None:
    managers = Concerned(staff=["manager-1", "manager-2"])
    case = case_of(four_levels(), concerned=managers)
    owners = [case.last(Assigned).owner for _ in climbed(case, 3)]
    assert owners == ["lead-1", "director-1", "director-2"]


def test_a_team_names_its_own_person_of_a_level() -> None:
    first, *others = policy().pack.teams
    teams = [first.model_copy(update={"above": {"director": "director-2"}}), *others]
    pack = four_levels(teams=teams).pack
    assert chain_of(pack, teams[0], pack.staff).held["director"] == "director-2"
    assert answering(pack, teams[0]) == {"lead-1", "manager-1", "director-2", "board-1"}
    assert {"director-1", "director-2"} <= answering(pack, others[0])


def test_who_is_absent_at_a_level_is_replaced_by_a_deputy_and_comes_back() -> None:
    away = [Absence(since=date(2026, 11, 1), until=date(2026, 12, 31))]
    case = case_of(four_levels())
    absent = person("director-1", "director", absences=away, deputies=["director-2"])
    case.meet_people(four_levels(absent, *HIGHER[1:]).pack)
    changed = case.last(ChainChanged)
    assert ([one.person for one in changed.above or []], changed.why) == (["director-2", "board-1"], "absent")
    assert [one.person for one in changed.was_above or []] == ["director-1", "board-1"]
    case.meet_people(four_levels().pack)
    assert case.case.state.chain.at("director") == "director-1"


def test_an_owner_of_a_level_that_the_policy_gave_up_is_replaced_by_the_highest_that_is_left() -> None:
    case = case_of(four_levels())
    for _ in climbed(case, 4):
        pass
    case.meet_people(policy().pack)
    assert (case.owned_by, case.case.state.level) == ("manager-1", 2)
    assert case.case.state.chain.above == []


def test_authority_goes_up_to_the_highest_level() -> None:
    authority = policy().pack.authority | {"director": {"CNY": 200000}, "board": {"CNY": 900000}}
    case = case_of(four_levels(authority=authority)).ready_to_offer()
    case.owner(
        "prepare_options",
        options=[
            {"option_id": "a", "remedy": "apology"},
            {
                "option_id": "b",
                "remedy": "compensation",
                "amount": {"value": "150000.00", "currency": "CNY"},
            },
        ],
    )
    case.owner("offer", option_id="b", standards=["goodwill-1"], text="t")
    assert case.last(ApprovalRequested).to == "director-1"
    request = case.last(ApprovalRequested).request_id
    assert isinstance(case.ask("manager-1", "approve", request_id=request, approved=True), Refusal)
    case.do("director-1", "approve", request_id=request, approved=True)
    assert "offer_made" in case.names


def test_a_second_person_for_the_manager_is_the_director() -> None:
    case = case_of(four_levels())
    for _ in climbed(case, 2):
        pass
    case.do("manager-1", "reclassify", safety=True, reason="r")
    case.do("manager-1", "reclassify", safety=False, reason="r")
    asked = case.last(ApprovalRequested)
    assert (asked.to, asked.least_role) == ("director-1", "director")


def test_a_grave_complaint_is_commanded_and_reported_at_the_levels_that_the_policy_names() -> None:
    own = four_levels(
        commanders={4: "manager", 5: "board"}, feedback={3: FeedbackTerms(to=["lead", "director", "board"])}
    )
    case = case_of(own)
    case.lead("reclassify", severity=5, reason="r")
    assert (case.last(CommanderNamed).commander, case.last(CommanderNamed).role) == ("board-1", "board")
    case.owner("raise_feedback", trigger=3, text="t")
    assert case.last(FeedbackRaised).to == ["board-1", "director-1", "lead-1"]


@pytest.mark.parametrize(
    ("update", "loc", "part"),
    [
        ({"escalation_levels": [level("lead"), level("director")]}, ("escalation_levels",), "begin with"),
        ({"feedback": {1: FeedbackTerms(to=["boss"])}}, ("feedback", 1, "to", 0), "no level 'boss'"),
        ({"commanders": {4: "boss"}}, ("commanders", 4), "allowed are lead, manager, director, board"),
        ({"authority": {"boss": {"CNY": 1}}}, ("authority", "boss"), "no level"),
        ({"staff": [person("x", "boss"), *policy().pack.staff]}, ("staff", 0, "role"), "no role 'boss'"),
    ],
)
def test_a_level_that_does_not_exist_is_refused_with_its_place(
    update: dict[str, Any], loc: Loc, part: str
) -> None:
    found = dict(roster_problems(four_levels(**update).pack))
    assert loc in found
    assert part in found[loc]


def test_levels_twice_without_people_or_with_a_name_of_another_meaning_are_refused() -> None:
    levels = [*policy().pack.escalation_levels, level("owner"), level("board"), level("board"), level("ceo")]
    found = dict(roster_problems(four_levels(escalation_levels=levels).pack))
    assert "meaning of its own" in found["escalation_levels", 2, "id"]
    assert "named twice" in found["escalation_levels", 4, "id"]
    assert "no person of `staff`" in found["escalation_levels", 5]


def test_a_rung_to_a_level_that_does_not_exist_is_refused_with_its_line(pack: PackCopy) -> None:
    ladder = "{after: {clock: elapsed, amount: 24h}, to: manager, repeat: true}"
    pack.change("obligations.yaml", ladder, ladder.replace("manager", "director"))
    problem = pack.problem()
    assert "no level 'director'" in str(problem)
