"""One voice: what the complainant reads follows the present position, and two revisions at once are one."""

import pytest

from shared.contract.events import PositionSet
from tests.unit.cases import Playing, play

CITED = {"standards": ["after-sales-7"], "text": "ref"}
SAID = {
    "respond": {"kind": "explanation", "text": "ref"},
    "offer": {"option_id": "some", **CITED},
    "final_decision": {
        "decision": "rejected",
        "standards": ["after-sales-7"],
        "text": "ref",
        "recourse": "house",
    },
}


def revised() -> Playing:
    """Case that is ready for an offer, at the second version of its position."""
    playing = play().ready_to_offer()
    playing.owner("set_position", text="ref")
    playing.owner("set_position", text="ref", replaces=1)
    return playing


@pytest.mark.parametrize("verb", SAID)
def test_a_text_under_a_stale_position_is_refused_and_one_under_the_present_passes(verb: str) -> None:
    playing = revised()
    refusal = playing.refused(playing.owned_by, verb, **SAID[verb], position=1)
    assert (refusal.code, refusal.field) == ("stale_position", "data.position")
    playing.owner(verb, **SAID[verb], position=2)


def test_of_two_revisions_of_one_position_exactly_one_passes() -> None:
    playing = revised()
    playing.owner("set_position", text="ref", replaces=2)
    refusal = playing.refused(playing.owned_by, "set_position", text="ref", replaces=2)
    assert (refusal.code, refusal.field) == ("stale_position", "data.replaces")
    assert [fact.version for fact in playing.all(PositionSet)] == [1, 2, 3]


def test_the_first_position_replaces_none() -> None:
    playing = play()
    assert playing.refused(playing.owned_by, "set_position", text="ref", replaces=1).code == "stale_position"
    playing.owner("set_position", text="ref", replaces=0)
