"""Standards that are cited: known, in force on the day, and one version of each on any day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from shared.contract.errors import ErrorCode
from shared.contract.events import OfferMade
from shared.policy.loader import Policy
from shared.policy.obligation import Standard
from tests.unit.bad_packs import PackCopy
from tests.unit.cases import MONDAY, Playing, play, policy

OFFER = {"option_id": "some", "text": "t"}


def with_standard(*versions: dict[str, object]) -> Policy:
    """Default pack with versions of the standard `rule`."""
    usual = {"id": "rule", "version": "1", "source": "s", "title": {"en": "t", "zh": "t"}}
    more = [Standard.model_validate(usual | one) for one in versions]
    pack = policy().pack
    return replace(policy(), pack=pack.model_copy(update={"standards": [*pack.standards, *more]}))


def ready(*versions: dict[str, object], at: datetime = MONDAY) -> Playing:
    return play(at, under=with_standard(*versions)).ready_to_offer()


def test_a_lapsed_standard_cannot_be_cited_and_the_refusal_names_its_last_day() -> None:
    case = ready({"valid_until": date(2026, 11, 22)})
    refusal = case.refused("agent-1", "offer", **OFFER, standards=["after-sales-7", "rule"])
    assert (refusal.code, refusal.field) == (ErrorCode.NEEDS_STANDARD, "data.standards")
    assert "2026-11-22" in refusal.message
    assert "2026-11-22" in refusal.message_zh


def test_a_standard_that_comes_later_cannot_be_cited_yet() -> None:
    case = ready({"valid_from": date(2026, 11, 24)})
    refusal = case.refused("agent-1", "offer", **OFFER, standards=["rule"])
    assert (refusal.code, refusal.field) == (ErrorCode.NEEDS_STANDARD, "data.standards")
    assert "2026-11-24" in refusal.message
    case.later(days=1)
    assert "offer_made" in case.owner("offer", **OFFER, standards=["rule"]).events


def test_a_standard_holds_until_the_end_of_its_last_day_by_the_clock_of_the_house() -> None:
    last = datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC)
    case = ready({"valid_until": date(2026, 11, 23)}, at=last)
    assert "offer_made" in case.owner("offer", **OFFER, standards=["rule"]).events
    other = ready({"valid_until": date(2026, 11, 23)}, at=last + timedelta(seconds=1))
    assert other.refused("agent-1", "offer", **OFFER, standards=["rule"]).code == ErrorCode.NEEDS_STANDARD


@pytest.mark.parametrize(("days", "version"), [(0, "1"), (1, "2")])
def test_a_citation_resolves_to_the_version_in_force(days: int, version: str) -> None:
    case = ready({"valid_until": date(2026, 11, 23)}, {"version": "2", "valid_from": date(2026, 11, 24)})
    case.later(days=days)
    case.owner("offer", **OFFER, standards=["rule", "rule"])
    assert [(one.id, one.version) for one in case.last(OfferMade).standards] == [("rule", version)]


def test_a_final_decision_cites_no_lapsed_standard_either() -> None:
    case = ready({"valid_until": date(2026, 11, 22)})
    decision = {"decision": "rejected", "text": "t", "recourse": "12315"}
    refusal = case.refused("agent-1", "final_decision", **decision, standards=["rule"])
    assert (refusal.code, refusal.field) == (ErrorCode.NEEDS_STANDARD, "data.standards")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("valid_from: 2014-03-15", "valid_from: 2014-03-15\n    valid_until: 2014-03-14", "valid_until"),
        ("id: consumer-law-24", "id: price-1", "id"),
        ("      zh: 未按约定日期送达的，运费予以退还；客户可以取消订单。\n", "", "text"),
        ("kind: law", "kind: custom", "kind"),
    ],
)
def test_a_catalogue_that_contradicts_itself_is_refused_with_its_field(
    pack: PackCopy, old: str, new: str, field: str
) -> None:
    assert pack.change("redress.yaml", old, new).problem().field.endswith(f".{field}")
