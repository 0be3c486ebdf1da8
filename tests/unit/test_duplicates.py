"""What "the same matter" means, sentence by sentence (docs/decisions/0008)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.intake.duplicates.judging import Comparable, Joins, Suspected, judge, judged
from shared.contract.ids import complaint_id
from tests.unit.submissions import NOW, context, registered, submission

RULES = context().policy.pack.duplicates
NOTHING: dict[str, Any] = {
    "order_ref": None,
    "product": None,
    "hints": None,
    "title": None,
    "loss": None,
    "about_staff": None,
}

TOLD = {"1": "手机屏幕碎了。", "2": "发票抬头开错了。", "3": "快递到得太晚。", "4": "安装费收多了。"}


def comparable(name: str, *, days: float = 0, who: str = "cust-1", **said: Any) -> Comparable:
    """A submission that says nothing by which it could be told what it is about, but for `said`."""
    usual = NOTHING | {"narrative": TOLD[name], "customer": {"ref": who}, "received_at": None}
    now = NOW + timedelta(days=days)
    message = submission(name, **(usual | said)) | {"time": None}
    return registered({k: v for k, v in message.items() if v}, now=now).comparable


FIRST = comparable("1", order_ref="order-7")
ID = FIRST.complaint_id
REWORDED = "手机的屏幕碎了，请处理。"
AGAIN = comparable("2", order_ref="order-7", narrative=REWORDED)


CASES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("duplicates").joinpath("joining.yaml").read_text("utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_certain_duplicate_alone_joins(case: dict[str, Any]) -> None:
    known, new = comparable("1", **case["a"]), comparable("2", **case["b"])
    assert isinstance(judge(new, known, RULES), Joins) == case["joins"]


def test_a_submission_of_the_same_customer_about_the_same_order_joins() -> None:
    assert judge(AGAIN, FIRST, RULES) == Joins(ID)


def test_another_thing_about_the_same_order_is_only_suspected() -> None:
    assert judge(comparable("2", order_ref="order-7"), FIRST, RULES) == Suspected(ID, 0.8)


@pytest.mark.parametrize("written", ["ORDER-7", "order 7", "ｏｒｄｅｒ－７", "#order/7"])
def test_an_order_number_is_the_same_however_it_is_written(written: str) -> None:
    assert judge(comparable("2", order_ref=written, narrative=REWORDED), FIRST, RULES) == Joins(ID)


@pytest.mark.parametrize(
    "written", ["n/a", "无", "-", "none", "N/A 1", "unknown", "没有订单号2024", "A-1", "0000"]
)
def test_a_value_that_is_no_number_is_no_order(written: str) -> None:
    known = comparable("1", order_ref=written)
    assert judge(comparable("2", order_ref=written), known, RULES) is None


def test_a_submission_that_quotes_the_complaint_joins_it() -> None:
    assert judge(comparable("2", narrative=f"编号{ID}，催办。"), FIRST, RULES) == Joins(ID)


@pytest.mark.parametrize("written", [f"X{ID}", f"{ID}9", ID.lower(), ID[:-1]])
def test_a_word_that_merely_looks_like_the_id_is_no_quotation(written: str) -> None:
    assert judge(comparable("2", narrative=f"编号{written}。"), FIRST, RULES) is None


def test_practically_the_same_words_join() -> None:
    known = comparable("1", narrative="洗衣机脱水时声音特别大，像拖拉机一样。")
    again = comparable("2", narrative="洗衣机脱水时声音特别大 像拖拉机一样！")
    assert judge(again, known, RULES) == Joins(known.complaint_id)


@pytest.mark.parametrize(
    ("before", "now"),
    [({"order_ref": "A-1"}, {"order_ref": "B-2"}), ({"product": "洗衣机"}, {"product": "电视"})],
)
def test_the_same_words_about_another_thing_are_only_suspected(
    before: dict[str, Any], now: dict[str, Any]
) -> None:
    words = {"narrative": "用了三天就坏了，要求退款。"}
    found = judge(comparable("2", **words, **now), comparable("1", **words, **before), RULES)
    assert isinstance(found, Suspected)


def test_the_same_order_in_another_category_is_only_suspected() -> None:
    known = comparable("1", order_ref="order-7", hints={"category": "product"})
    other = comparable("2", order_ref="order-7", hints={"category": "service"})
    assert judge(other, known, RULES) == Suspected(known.complaint_id, 0.6)


@pytest.mark.parametrize("by", [{"order_ref": "order-7"}, {"narrative": f"关于{ID}"}])
def test_a_danger_that_the_first_did_not_speak_of_is_only_suspected(by: dict[str, Any]) -> None:
    assert isinstance(judge(comparable("2", safety=True, **by), FIRST, RULES), Suspected)
    known = comparable("1", order_ref="order-7", safety=True)
    again = comparable("2", order_ref="order-7", safety=True, narrative=REWORDED)
    assert judge(again, known, RULES) == Joins(known.complaint_id)


@pytest.mark.parametrize(("days", "kind"), [(29.9, Joins), (30.1, Suspected), (90.1, type(None))])
def test_a_recent_complaint_alone_is_joined(days: float, kind: type) -> None:
    again = comparable("2", days=days, order_ref="order-7", narrative=REWORDED)
    assert isinstance(judge(again, FIRST, RULES), kind)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"narrative": f"关于{ID}"}, Suspected(ID, 1.0)),
        ({"order_ref": "order-7"}, Suspected(ID, 0.8)),
        ({"narrative": TOLD["1"]}, None),
    ],
)
def test_a_stranger_never_joins_and_is_linked_only_by_what_they_name(
    said: dict[str, Any], found: Suspected | None
) -> None:
    assert judge(comparable("2", who="cust-2", **said), FIRST, RULES) == found


def test_the_earliest_of_several_is_joined_and_suspicions_come_by_their_score() -> None:
    later = comparable("3", days=1, order_ref="order-7", narrative=REWORDED)
    alike = comparable("4", order_ref="order-8", narrative="手机屏幕又碎了。")
    new = comparable("2", days=2, order_ref="order-7", narrative="手机屏幕碎了！")
    found = judged(new, [later, alike, FIRST], RULES)
    assert found[:2] == [Joins(ID), Joins(later.complaint_id)]
    assert [one.of for one in found[2:]] == [alike.complaint_id]


QUOTES = [REWORDED, f"关于{ID}", "洗衣机坏了"]


@given(
    who=st.sampled_from(["cust-1", "cust-2"]),
    order=st.sampled_from([None, "order-7", "order-8"]),
    words=st.sampled_from(QUOTES),
    days=st.floats(0, 120),
    safety=st.booleans(),
)
def test_nothing_ever_joins_across_customers_and_nothing_old_joins(
    who: str, order: str | None, words: str | None, days: float, safety: bool
) -> None:
    said = {"order_ref": order, "safety": safety} | ({"narrative": words} if words else {})
    found = judge(comparable("2", days=days, who=who, **said), FIRST, RULES)
    if isinstance(found, Joins):
        assert who == "cust-1"
        assert days <= RULES.join_within_days
        assert (order == "order-7" and words == REWORDED) or words == QUOTES[1]
    if isinstance(found, Suspected):
        assert 0 <= found.score <= 1
        assert days <= RULES.suspect_within_days


LOSS = {"loss": {"value": "100.00", "currency": "CNY"}}
FIVE_HUNDRED = {"loss": {"value": "500.00", "currency": "CNY"}}
DOLLARS = {"loss": {"value": "100.00", "currency": "USD"}}


@pytest.mark.parametrize(
    ("before", "now", "joins"),
    [
        (LOSS, LOSS, True),
        (LOSS, FIVE_HUNDRED, False),
        (FIVE_HUNDRED, LOSS, True),
        (LOSS, DOLLARS, False),
        ({}, LOSS, False),
        (LOSS, {}, True),
        ({"hints": {"severity": 2}}, {"hints": {"severity": 4}}, False),
        ({"hints": {"severity": 4}}, {"hints": {"severity": 4}}, True),
        ({}, {"hints": {"severity": 3}}, True),
        ({}, {"hints": {"severity": 4}}, False),
        ({}, {"about_staff": "agent-9"}, False),
        ({}, {"about_staff": "柜台的王某"}, False),
        ({"about_staff": "柜台的王某"}, {"about_staff": "柜台的王某"}, True),
        ({"about_staff": "agent-9"}, {}, True),
    ],
)
@pytest.mark.parametrize("by", ["order", "quotation"])
def test_a_heavier_submission_than_the_first_is_only_suspected(
    before: dict[str, Any], now: dict[str, Any], joins: bool, by: str
) -> None:
    nothing = {"loss": None, "about_staff": None, "order_ref": "order-7"}
    words = REWORDED if by == "order" else f"关于{ID}。"
    new = comparable("2", **(nothing | {"narrative": words} | now))
    found = judge(new, comparable("1", **(nothing | before)), RULES)
    assert isinstance(found, Joins if joins else Suspected)


def test_a_submission_is_not_about_itself() -> None:
    assert judge(FIRST, FIRST, RULES) is None
    assert complaint_id("crm.example/cases", "1") == ID
