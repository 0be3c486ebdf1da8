"""Rules are pinned, people are live: whoever left is replaced in every open item, and a fact says so."""

from shared.contract.events import (
    ApprovalPassed,
    Assigned,
    ChainChanged,
    Escalated,
    TaskMoved,
    TransferReturned,
)
from shared.policy.models import Pack
from tests.unit.cases import names, play, policy

NINE: Pack = policy().pack.model_copy(
    update={
        "staff": [
            one.model_copy(update={"id": "lead-9"}) if one.id == "lead-1" else one
            for one in policy().pack.staff
            if one.id != "agent-1"
        ],
        "teams": [
            team.model_copy(update={"lead": "lead-9"}) if team.lead == "lead-1" else team
            for team in policy().pack.teams
        ],
    }
)
"""Pack without agent-1, and with lead-9 in the place of lead-1."""


def test_a_person_who_left_the_roster_loses_the_complaint_by_a_fact_and_the_live_chain_counts() -> None:
    case = play()
    assert names(case.meet_people(NINE))[:2] == ["chain_changed", "assigned"]
    assert (case.last(ChainChanged).lead, case.last(ChainChanged).why) == ("lead-9", "gone")
    assert (case.last(Assigned).owner, case.last(Assigned).why) == ("agent-2", "gone")
    assert case.meet_people(NINE) == []
    case.later(hours=25)
    assert case.last(Escalated).to == "lead-9"
    assert case.owned_by == "lead-9"


def test_the_same_roster_changes_nothing() -> None:
    case = play().ready_to_offer()
    assert case.meet_people() == []


def test_an_approval_that_waits_for_a_person_who_left_goes_to_their_successor() -> None:
    case = play().ready_to_offer()
    case.owner("reclassify", safety=True, reason="r")
    case.owner("reclassify", safety=False, reason="r")
    was = case.case.state.approvals[-1].request
    gone = policy().pack.model_copy(
        update={"staff": [one for one in NINE.staff if one.id != was.to], "teams": NINE.teams}
    )
    case.meet_people(gone)
    passed = case.last(ApprovalPassed)
    assert (passed.was, passed.why) == (was.to, "gone")
    assert passed.to in {one.id for one in gone.staff}


def test_a_transfer_to_a_person_who_left_returns() -> None:
    case = play()
    case.owner("transfer", to="agent-3", reason="r")
    staff = [one for one in policy().pack.staff if one.id != "agent-3"]
    case.meet_people(policy().pack.model_copy(update={"staff": staff}))
    assert case.last(TransferReturned).why == "gone"
    assert case.owned_by == "agent-1"


def test_an_owner_who_changed_team_or_stepped_down_loses_the_complaint_and_a_promoted_owner_keeps_it() -> (
    None
):
    for said, kept in (
        ({"team": "price-care"}, False),
        ({"role": "privacy"}, False),
        ({"role": "lead"}, True),
    ):
        case = play()
        staff = [one.model_copy(update=said) if one.id == "agent-1" else one for one in policy().pack.staff]
        case.meet_people(policy().pack.model_copy(update={"staff": staff}))
        assert (case.owned_by == "agent-1") is kept, said


def test_a_part_of_a_team_that_is_no_more_goes_to_the_team_that_handles_it() -> None:
    case = play()
    case.owner("open_task", unit="price-care", text="t")
    pack = policy().pack
    case.meet_people(
        pack.model_copy(
            update={
                "teams": [team for team in pack.teams if team.id != "price-care"],
                "staff": [one for one in pack.staff if one.team != "price-care"],
            }
        )
    )
    assert (case.last(TaskMoved).unit, case.last(TaskMoved).why) == ("product-care", "gone")


def test_another_supervisor_by_policy_changes_the_chain_for_the_reason_policy() -> None:
    case = play()
    pack = policy().pack
    teams = [
        team.model_copy(update={"lead": "lead-2"}) if team.id == "product-care" else team
        for team in pack.teams
    ]
    case.meet_people(pack.model_copy(update={"teams": teams}))
    assert (case.last(ChainChanged).lead, case.last(ChainChanged).why) == ("lead-2", "policy")
    assert case.owned_by == "agent-1"
