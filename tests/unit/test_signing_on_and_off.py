"""Presence: who may sign whom on or off, and that a person who signed off takes nothing over."""

import pytest

from services.routing.rules.decision import ActorCommand
from services.routing.rules.people import accept_transfer
from services.routing.staffing.presence import _may
from shared.contract.commands import AcceptTransfer
from shared.contract.errors import ErrorCode, Refusal
from shared.contract.values import Actor
from shared.policy.house import House
from shared.policy.people import person
from shared.policy.problems import nearest
from tests.unit.cases import play, policy

HOUSE = House(policy().pack)


@pytest.mark.parametrize(
    ("actor", "staff", "code", "field"),
    [
        ("agent-1", None, None, None),
        ("lead-1", "agent-4", None, None),
        ("lead-1", "lead-2", None, None),
        ("manager-1", "lead-1", None, None),
        ("agent-1", "agent-2", ErrorCode.NOT_ALLOWED_NOW, "data.staff"),
        ("lead-1", "manager-1", ErrorCode.NOT_ALLOWED_NOW, "data.staff"),
        ("quality-1", None, ErrorCode.NOT_ALLOWED_NOW, "actor.id"),
        ("privacy-1", None, ErrorCode.NOT_ALLOWED_NOW, "actor.id"),
        ("lead-1", "quality-1", ErrorCode.NOT_ALLOWED_NOW, "data.staff"),
        ("agent-99", None, ErrorCode.UNKNOWN_ACTOR, "actor.id"),
        ("lead-1", "agent-99", ErrorCode.UNKNOWN_ACTOR, "data.staff"),
    ],
)
def test_people_sign_themselves_and_supervisors_those_of_their_level_or_below(
    actor: str, staff: str | None, code: ErrorCode | None, field: str | None
) -> None:
    refusal = _may(HOUSE, actor, staff)
    assert (refusal and refusal.code, refusal and refusal.field) == (code, field)


def test_an_unknown_person_is_refused_with_the_nearest_names() -> None:
    refusal = _may(HOUSE, "lead-1", "agnet-1")
    assert refusal is not None
    assert "agent-1" in refusal.message
    assert "agent-1" in refusal.message_zh


def test_the_nearest_names_are_some_where_none_is_near() -> None:
    assert nearest("zzz", ["uk", "cn"]) == "cn, uk"
    assert nearest("uk-dips", ["uk-disp", "cn-samr"]) == "uk-disp"
    assert nearest("a", []) == "none"


@pytest.mark.parametrize(
    ("state", "part"),
    [({"present": False}, "sign_on"), ({"room": False}, "as many"), ({"up_to": 0}, "severity")],
)
def test_a_person_who_does_not_meet_a_hard_rule_now_cannot_accept_a_transfer(
    state: dict[str, object], part: str
) -> None:
    case = play()
    case.owner("transfer", to="agent-2", reason="r")
    known = person(policy().pack, "agent-2")
    assert known is not None
    command = ActorCommand(
        Actor(id="agent-2", role="agent"), AcceptTransfer(), candidate=known.model_copy(update=state)
    )
    refusal = accept_transfer(case.case.state, command, case.now)
    assert isinstance(refusal, Refusal)
    assert refusal.field == "actor.id"
    assert part in refusal.message
    able = ActorCommand(Actor(id="agent-2", role="agent"), AcceptTransfer(), candidate=known)
    assert not isinstance(accept_transfer(case.case.state, able, case.now), Refusal)
