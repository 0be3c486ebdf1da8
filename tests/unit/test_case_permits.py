"""Who may do what: the owner, a supervisor stepping in, any member of staff, the complainant."""

from datetime import timedelta
from typing import Any

import pytest

from shared.contract.errors import ErrorCode
from tests.unit.cases import MONDAY, play

SAYS: dict[str, dict[str, Any]] = {
    "respond": {"kind": "plan", "text": "t"},
    "clarify": {"cause": "broken", "cause_side": "defect", "liability": "company"},
    "record_interest": {"party": "customer", "interest": "money", "confirmed": True},
    "set_position": {"text": "t"},
    "ask": {"question": "proof"},
    "prepare_options": {"options": []},
    "reclassify": {"severity": 3, "reason": "r"},
    "transfer": {"to": "agent-3", "reason": "r"},
    "change": {"what": "place", "to": "shop", "reason": "r"},
    "pause": {"reason": "r"},
    "extend": {"obligation": "resolution", "until": MONDAY + timedelta(days=40), "reason": "r"},
    "open_task": {"unit": "warehouse", "text": "t"},
    "withdraw": {"reason": "r"},
}
SUPERVISED = ["ask", "reclassify", "transfer", "change", "pause", "extend", "open_task"]
OWNERS_ALONE = ["respond", "clarify", "set_position", "prepare_options"]


@pytest.mark.parametrize("verb", SAYS)
def test_a_colleague_may_not_do_the_owners_work(verb: str) -> None:
    refusal = play().refused("agent-2", verb, **SAYS[verb])
    assert (refusal.code, refusal.field) == (ErrorCode.NOT_OWNER, "actor.id")
    assert "agent-1" in refusal.message
    assert verb in refusal.allowed


@pytest.mark.parametrize("verb", OWNERS_ALONE)
def test_rank_alone_does_not_do_the_owners_work(verb: str) -> None:
    assert play().refused("lead-1", verb, **SAYS[verb]).code == ErrorCode.NOT_OWNER


@pytest.mark.parametrize("verb", SUPERVISED)
def test_a_supervisor_may_step_in(verb: str) -> None:
    assert play().do("lead-1", verb, **SAYS[verb]).ok


@pytest.mark.parametrize("verb", SUPERVISED)
def test_a_concerned_supervisor_may_not_step_in(verb: str) -> None:
    refusal = play(about_staff="lead-1").refused("lead-1", verb, **SAYS[verb])
    assert refusal.code == ErrorCode.CONFLICT_OF_INTEREST


@pytest.mark.parametrize("verb", sorted(set(SAYS) - {"withdraw", "record_interest"}))
def test_the_complainant_answers_tells_interests_and_withdraws_and_nothing_else(verb: str) -> None:
    assert play().refused("customer", verb, **SAYS[verb]).code == ErrorCode.NOT_OWNER


def test_refer_is_for_the_owner_or_a_supervisor_without_a_part_in_it() -> None:
    case = play(about_staff="lead-1")
    case.owner("respond", kind="plan", text="t")
    said = {"to": "ombudsman", "reason": "r"}
    assert case.refused("agent-2", "refer", **said).code == ErrorCode.NOT_OWNER
    assert case.refused("customer", "refer", **said).code == ErrorCode.NOT_OWNER
    assert case.refused("lead-1", "refer", **said).code == ErrorCode.CONFLICT_OF_INTEREST
    assert case.do("lead-2", "refer", **said).ok
