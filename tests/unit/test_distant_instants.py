"""An instant that lies far ahead is refused by name: once it stopped the clock of the whole complaint."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.cases import MONDAY, play

FAR = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("verb", "field", "data"),
    [
        ("respond", "promise_by", {"kind": "explanation", "text": "ref"}),
        ("open_task", "due", {"unit": "price-care", "text": "ref"}),
        ("pause", "until", {"reason": "ref"}),
        ("extend", "until", {"obligation": "resolution", "reason": "ref"}),
    ],
)
def test_an_instant_more_than_ten_years_ahead_is_refused_with_its_field(
    verb: str, field: str, data: dict[str, str]
) -> None:
    playing = play()
    refusal = playing.refused(playing.owned_by, verb, **data, **{field: FAR.isoformat()})
    assert (refusal.code, refusal.field) == ("malformed", f"data.{field}")
    assert playing.case.next_due


def test_a_promise_within_ten_years_is_kept() -> None:
    playing = play()
    playing.owner(
        "respond", kind="explanation", text="ref", promise_by=(MONDAY + timedelta(days=3_000)).isoformat()
    )
    assert playing.case.next_due
