"""A person with a new id is the same person: who asked, who owned, and who handled the complaint."""

from typing import Any

from shared.contract.errors import ErrorCode, Refusal
from shared.contract.events import ApprovalRequested, Resolved
from shared.policy.models import Pack
from tests.unit import followups
from tests.unit.cases import play, policy


def renamed(was: str, now: str) -> Pack:
    """Default pack in which this person has another id."""
    change: dict[str, Any] = {"id": now, "formerly": [was]}
    staff = [one.model_copy(update=change) if one.id == was else one for one in policy().pack.staff]
    teams = [
        team.model_copy(update={"lead": now}) if team.lead == was else team for team in policy().pack.teams
    ]
    return policy().pack.model_copy(update={"staff": staff, "teams": teams})


def test_a_lead_who_asked_under_a_former_id_does_not_agree_under_the_new_one() -> None:
    case = play()
    case.lead("reclassify", safety=True, reason="r")
    case.lead("reclassify", safety=False, reason="r")
    asked = case.last(ApprovalRequested)
    assert asked.asked_by == "lead-1"
    case.meet_people(renamed("lead-1", "lead-9"))
    alone = case.ask("lead-9", "approve", request_id=asked.request_id, approved=True)
    assert isinstance(alone, Refusal)
    assert alone.code == ErrorCode.NEEDS_SECOND_PERSON
    case.do("lead-9", "approve", request_id=asked.request_id, approved=False)


def test_a_request_is_not_passed_to_its_asker_under_another_id() -> None:
    case = play()
    case.do("manager-1", "reclassify", safety=True, reason="r")
    case.do("manager-1", "reclassify", safety=False, reason="r")
    request = case.last(ApprovalRequested)
    assert (request.asked_by, request.to) == ("manager-1", "lead-1")
    staff = [one for one in renamed("manager-1", "manager-9").staff if one.id != "lead-1"]
    teams = [
        team.model_copy(update={"manager": "manager-9", "lead": "lead-2"}) for team in policy().pack.teams
    ]
    case.meet_people(policy().pack.model_copy(update={"staff": staff, "teams": teams}))
    assert case.case.state.approvals[-1].request.to == "lead-2"


def test_a_former_owner_is_a_former_owner_under_the_new_id() -> None:
    case = play()
    case.owner("transfer", to="agent-2", reason="r")
    case.do("agent-2", "accept_transfer")
    case.meet_people(renamed("agent-1", "agent-91"))
    assert case.refused("agent-2", "transfer", to="agent-91", reason="r").code == ErrorCode.WOULD_PING_PONG


def test_the_resolution_names_the_handlers_by_both_ids() -> None:
    case = play().ready_to_offer()
    case.owner("transfer", to="agent-2", reason="r")
    case.do("agent-2", "accept_transfer")
    case.meet_people(renamed("agent-1", "agent-91"))
    case.resolved()
    assert {"agent-1", "agent-91", "agent-2"} <= {*case.last(Resolved).handlers}


def test_a_handler_under_a_new_id_records_no_verdict() -> None:
    follow = followups.opened()
    followups.obey(follow, followups.report(1, "reached"), followups.RESOLVED_AT)
    new = followups.HANDLER.model_copy(update={"id": "agent-91"})
    order = followups.verdict(new).model_copy(update={"formerly": ["agent-1"]})
    found = followups.obey(follow, order, followups.RESOLVED_AT)
    assert isinstance(found, Refusal)
    assert "handled the complaint" in found.message
