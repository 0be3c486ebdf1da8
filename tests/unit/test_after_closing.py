"""What is told after the end is refused with what to do; a danger in it is loud."""

from dataclasses import replace

import pytest
from prometheus_client import REGISTRY

from services.console.audit.quarantine import Quarantined, gravest_first
from services.intake.known_ids import over
from shared.contract import quarantine, subjects
from shared.contract.quarantine import Misfit
from shared.runtime.after_closing import closed
from shared.runtime.messages.quarantining import Destination, quarantine_copy
from tests.unit.test_grumbles import grumbled

NAME = "Caaaaaaaaaaaaaaa"
FIRE = "the flat is on fire"


def turned_away() -> float:
    return REGISTRY.get_sample_value("amends_dangers_turned_away_total") or 0.0


@pytest.mark.parametrize("danger", [False, True])
def test_the_refusal_after_the_end_gives_advice_in_both_languages(danger: bool) -> None:
    before = turned_away()
    refusal = closed(NAME, outcome="withdrawn", danger=danger)
    assert "submit this as a new complaint" in refusal.message
    assert "作为新投诉提交" in (refusal.message_zh or "")
    assert NAME in refusal.message
    assert NAME in (refusal.message_zh or "")
    assert ("call the customer now" in refusal.message) is danger
    assert ("立即致电客户" in (refusal.message_zh or "")) is danger
    assert turned_away() - before == danger


@pytest.mark.parametrize(
    ("words", "automatic", "danger"),
    [
        (FIRE, False, True),
        ("冰箱起火了，我被烫伤住院了", False, True),
        ("still waiting", False, False),
        (FIRE, True, False),
    ],
)
def test_a_danger_under_a_used_id_is_reported_to_its_sender_and_in_its_copy(
    words: str, automatic: bool, danger: bool
) -> None:
    one = replace(grumbled(narrative=words), automatic=automatic)
    misfit, before = over(one), turned_away()
    assert (misfit.reason, misfit.danger) == ("id_reused", danger)
    assert ("call the customer now" in misfit.detail) is danger
    assert ("立即致电客户" in misfit.detail_zh) is danger
    copy = aside(misfit)
    assert (copy.get(quarantine.HEADER_DANGER) == "true") is danger
    assert turned_away() - before == danger


def aside(misfit: Misfit) -> dict[str, str]:
    where = subjects.quarantine(misfit.reason)
    said = Destination(where, misfit.reason, misfit.detail, misfit.field, misfit.detail_zh, misfit.danger)
    return dict(quarantine_copy("complaints.v1.submit.web", b"{}", {}, "n", said).headers or {})


def test_a_dangerous_submission_is_listed_first() -> None:
    found = [Quarantined(seq, "quarantine", "id_reused", 1, {}, b"") for seq in (1, 2, 3)]
    found[1] = replace(found[1], copy={quarantine.HEADER_DANGER: "true"})
    assert [one.seq for one in gravest_first(found)] == [2, 1, 3]
    assert [one.summary()["danger"] for one in gravest_first(found)] == [True, False, False]
