"""Transfers and hand-overs obey the hard rules of ownership, by the candidate as looked up outside."""

from typing import Any

import pytest

from services.routing.rules.verbs import VERBS
from shared.contract.errors import ErrorCode, Refusal
from shared.contract.orders import Order
from shared.policy.people import people
from tests.unit.cases import Playing, actor, play, policy


def _proposed(case: Playing, verb: str, **own: Any) -> Any:
    """Answer to a proposal of agent-2, who was looked up with these fields."""
    person = people(policy().pack)["agent-2"].model_copy(update=own)
    data = {"to": "agent-2", "reason": "r"} | ({"what": "person"} if verb == "change" else {})
    order = Order(
        command_id="c",
        verb=verb,
        actor=actor("agent-1"),
        data=data if "reason" in VERBS[verb].command.model_fields else {"to": "agent-2"},
        named={"id": person.id, "role": person.role, "team": person.team},
        named_units=person.units,
        attached=person.model_dump(mode="json"),
    )
    return case.case.decide(order, case.now)


@pytest.mark.parametrize("verb", ["transfer", "hand_over", "change"])
@pytest.mark.parametrize(
    ("own", "code"),
    [
        ({"present": False}, ErrorCode.NOT_ALLOWED_NOW),
        ({"room": False}, ErrorCode.NOT_ALLOWED_NOW),
        ({"languages": ["en"]}, ErrorCode.NOT_ALLOWED_NOW),
        ({"up_to": 1}, ErrorCode.OVER_AUTHORITY),
    ],
)
def test_a_person_who_may_not_own_it_is_not_proposed(verb: str, own: dict[str, Any], code: ErrorCode) -> None:
    case = play(hints={"category": "product", "severity": 4})
    reply = _proposed(case, verb, **own)
    assert isinstance(reply, Refusal)
    assert (reply.code, reply.field) == (code, "data.to")
    assert "agent-2" in reply.message


@pytest.mark.parametrize("verb", ["transfer", "hand_over", "change"])
def test_a_person_who_meets_the_rules_is_proposed(verb: str) -> None:
    assert not isinstance(_proposed(play(), verb), Refusal)


def test_a_language_that_the_owner_does_not_speak_either_binds_no_candidate() -> None:
    assert not isinstance(_proposed(play(language="fr"), "transfer"), Refusal)
