"""The verifier finds whoever acted on a complaint that is about them, by the facts alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.console.audit.verifier.interests import Roster, interested
from services.console.audit.verifier.stream import Event

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PACK = {
    "staff": [{"id": "a", "team": "one"}, {"id": "l", "team": "two"}, {"id": "b", "team": "two"}],
    "teams": [{"id": "one", "lead": "l"}, {"id": "two", "lead": "b"}],
}


def event(name: str, service: str, seconds: float, actor: str = "amends", **data: Any) -> Event:
    at = START + timedelta(seconds=seconds)
    return Event(
        id=f"{service}-{seconds}",
        name=name,
        service=service,
        at=at,
        seq=1,
        cycle=1,
        stage="analysing",
        actor=actor,
        policy={"hash": "h"},
        data=data,
    )


def found(*events: Event) -> list[str]:
    return interested(list(events), [Roster.of(PACK)])


@pytest.mark.parametrize(
    ("told", "actor"),
    [
        ({"about_staff": "a"}, "a"),
        ({"about_staff": "Ａ "}, "a"),
        ({"unit": "ONE"}, "a"),
        ({"unit": "one"}, "l"),
        ({"concerned": {"staff": ["a"], "units": []}}, "a"),
    ],
)
def test_people_named_by_the_receipt_must_do_nothing(told: dict[str, Any], actor: str) -> None:
    (fault,) = found(
        event("received", "intake", 0, **told),
        event("responded", "routing", 1, "b"),
        event("offer_made", "routing", 2, actor),
    )
    assert actor in fault


def test_acts_before_the_interest_was_known_are_no_fault_and_later_acts_are() -> None:
    told = (
        event("received", "intake", 0),
        event("responded", "routing", 1, "a"),
        event("contact_added", "intake", 2, "customer", about_staff="a"),
        event("clarified", "routing", 2.5, "a"),  # on its way already when intake published
        event("concerned_added", "routing", 3, staff=["a"], units=[]),
    )
    assert found(*told) == []
    assert len(found(*told, event("offer_made", "routing", 4, "a"))) == 1


def test_other_services_have_the_time_of_a_command_to_learn_of_an_interest() -> None:
    told = (event("received", "intake", 0), event("record_completed", "routing", 1, "b", about_staff="a"))
    assert found(*told, event("satisfaction_recorded", "followup", 5, "a")) == []
    assert len(found(*told, event("satisfaction_recorded", "followup", 30, "a"))) == 1


def test_a_person_who_changed_teams_since_is_not_accused() -> None:
    moved = {"staff": [{"id": "a", "team": "two"}], "teams": PACK["teams"]}
    told = [event("received", "intake", 0, unit="one"), event("responded", "routing", 1, "a")]
    assert interested(told, [Roster.of(PACK), Roster.of(moved)]) == []
    assert interested([event("received", "intake", 0, about_staff="a"), told[1]], [Roster.of(moved)])
