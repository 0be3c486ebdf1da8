"""Absences, deputies and new ids: who can act has each role, and roles come back without ping-pong."""

from datetime import datetime, timedelta
from typing import Any

from shared.contract.errors import ErrorCode
from shared.contract.events import (
    ApprovalPassed,
    Assigned,
    ChainChanged,
    ConcernedAdded,
    Escalated,
    Transferred,
    TransferReturned,
)
from shared.contract.values import Concerned
from shared.policy.chains import chain_of
from shared.policy.deputies import Deputies
from shared.policy.models import Pack
from shared.policy.roster import Absence
from tests.unit.cases import MONDAY, Playing, names, play, policy

AWAY = {"since": MONDAY + timedelta(hours=2), "until": MONDAY + timedelta(hours=30)}


def people_who(**own: dict[str, Any]) -> Pack:
    """Pack with further fields of these people (`lead_1`)."""
    staff = [
        type(one).model_validate(one.model_dump() | own.get(one.id.replace("-", "_"), {}))
        for one in policy().pack.staff
    ]
    return policy().pack.model_copy(update={"staff": staff})


def _case(**own: dict[str, Any]) -> Playing:
    case = play()
    assert case.meet_people(people_who(**own)) == []
    return case


def _at(case: Playing, instant: datetime) -> list[str]:
    """Facts of a look-up at an instant at which the case had to wake up."""
    assert case.case.next_due is not None
    assert case.case.next_due <= instant
    case.now = instant
    return names(case.meet_people())


def test_the_deputy_of_an_absent_lead_is_escalated_to_and_the_lead_comes_back() -> None:
    case = _case(lead_1={"absences": [AWAY], "deputies": ["lead-2"]})
    assert _at(case, AWAY["since"])[0] == "chain_changed"
    assert (case.last(ChainChanged).lead, case.last(ChainChanged).why) == ("lead-2", "absent")
    case.until(MONDAY + timedelta(hours=25))
    assert case.last(Escalated).to == case.owned_by == "lead-2"
    assert case.do("lead-2", "respond", kind="plan", text="t").ok
    _at(case, AWAY["until"])
    assert (case.last(ChainChanged).lead, case.last(ChainChanged).why) == ("lead-1", "returned")
    assert case.owned_by == "lead-2"  # what the deputy took over stays with them
    assert case.meet_people() == []


def test_a_chain_of_deputies_leads_to_the_first_who_is_here() -> None:
    case = _case(
        lead_1={"absences": [AWAY], "deputies": ["lead-2"]},
        lead_2={"absences": [AWAY], "deputies": ["agent-8", "lead-3"]},
    )
    _at(case, AWAY["since"])
    assert case.last(ChainChanged).lead == "lead-3"


def test_without_a_deputy_another_supervisor_stands_in() -> None:
    case = _case(lead_1={"absences": [AWAY]})
    _at(case, AWAY["since"])
    assert case.last(ChainChanged).lead == "lead-2"


def test_two_leads_away_at_once_are_replaced_by_the_third_and_all_of_them_by_a_manager() -> None:
    away = [Absence(since=MONDAY, until=MONDAY + timedelta(days=9))]

    def chain(*who: str, **deputies: list[str]) -> dict[str, str]:
        staff = [
            one.model_copy(update={"absences": away, "deputies": deputies.get(one.id.replace("-", "_"), [])})
            if one.id in who
            else one
            for one in policy().pack.staff
        ]
        pack = policy().pack.model_copy(update={"staff": staff})
        usual = chain_of(pack, pack.teams[0], pack.staff)
        return Deputies(pack, MONDAY).chain(usual, Concerned()).held

    both = {"lead": "lead-3", "manager": "manager-1"}
    assert chain("lead-1", "lead-2") == both
    circle = chain("lead-1", "lead-2", lead_1=["lead-2"], lead_2=["lead-1", "lead-3"])
    assert circle == both
    assert chain("lead-1", "lead-2", "lead-3") == {"lead": "manager-2", "manager": "manager-1"}


def test_an_approval_that_waits_for_an_absent_person_passes_to_their_deputy() -> None:
    case = _case(lead_1={"absences": [AWAY], "deputies": ["lead-2"]}).ready_to_offer()
    case.owner("reclassify", safety=True, reason="r")
    case.do("lead-1", "reclassify", safety=False, reason="r")
    asked = case.case.state.approvals[-1].request
    gone = people_who(**{asked.to.replace("-", "_"): {"absences": [AWAY | {"since": case.now}]}})
    case.meet_people(gone)
    passed = case.last(ApprovalPassed)
    assert (passed.was, passed.why) == (asked.to, "absent")
    assert passed.to not in (asked.to, asked.asked_by)


def test_an_absent_owners_complaint_goes_to_their_deputy_who_may_give_it_back() -> None:
    case = _case(agent_1={"absences": [AWAY], "deputies": ["agent-3"]})
    _at(case, AWAY["since"])
    assert (case.owned_by, case.last(Assigned).why) == ("agent-3", "absent")
    _at_return = AWAY["until"] + timedelta(hours=1)
    case.owner("respond", kind="plan", text="t")
    case.now = _at_return
    assert case.meet_people() == []  # it does not go back by itself
    case.owner("hand_over", to="agent-1")
    case.do("agent-1", "accept_transfer")
    assert case.owned_by == "agent-1"
    assert case.refused("agent-1", "hand_over", to="agent-3").code == ErrorCode.WOULD_PING_PONG


def test_a_transfer_to_a_person_who_becomes_absent_returns() -> None:
    case = _case()
    case.owner("transfer", to="agent-2", reason="r")
    case.meet_people(people_who(agent_2={"absences": [AWAY | {"since": case.now}]}))
    assert case.last(TransferReturned).why == "absent"


def test_an_absence_of_a_person_without_a_role_wakes_no_one() -> None:
    case = _case(agent_7={"absences": [AWAY]})
    assert case.case.state.people.changes_at is None


def _renamed(was: str, new: str) -> Pack:
    staff = [
        one.model_copy(update={"id": new, "formerly": [was]}) if one.id == was else one
        for one in policy().pack.staff
    ]
    teams = [
        team.model_copy(update={"lead": new if team.lead == was else team.lead})
        for team in policy().pack.teams
    ]
    return policy().pack.model_copy(update={"staff": staff, "teams": teams})


def test_a_renamed_owner_keeps_the_complaint_under_the_new_id() -> None:
    case = play()
    case.owner("escalate", reason="r")
    case.meet_people(_renamed("lead-1", "lead-one"))
    assert (case.last(ChainChanged).lead, case.last(ChainChanged).why) == ("lead-one", "renamed")
    owner = case.last(Assigned)
    assert (owner.owner, owner.why, owner.level) == ("lead-one", "renamed", 1)
    assert "lead-1" not in case.case.state.owners
    assert case.meet_people() == []


def test_a_proposal_to_a_renamed_person_goes_on_under_the_new_id() -> None:
    case = play()
    case.owner("transfer", to="agent-2", reason="r")
    case.meet_people(_renamed("agent-2", "agent-two"))
    assert case.last(TransferReturned).why == "renamed"
    assert (case.last(Transferred).to, case.last(Transferred).transfer_id) == ("agent-two", "transfer-2")


def test_a_concerned_person_stays_concerned_under_the_new_id() -> None:
    case = play(about_staff="agent-5")
    case.meet_people(_renamed("agent-5", "agent-five"))
    assert (case.last(ConcernedAdded).staff, case.last(ConcernedAdded).why) == (["agent-five"], "renamed")
