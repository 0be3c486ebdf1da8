"""The complainant is told as done what was done with evidence, and as let go what was let go."""

from collections.abc import Callable

import pytest

from shared.contract.events import CarriedOver, CaseEnded, Reopened, Resolved
from shared.contract.values import Stage
from shared.policy.wording import written
from tests.unit.cases import Playing, play, policy

REFUND = {"en": "Refund (100 yuan)", "zh": "退款（人民币100元）"}
APOLOGY = {"en": "Written apology", "zh": "书面致歉"}
DONE = {"en": "is done", "zh": "已按约定办理完毕"}
LET_GO = {"en": "will not be carried out in full", "zh": "未全部完成"}


def texts(case: Playing, language: str) -> dict[str, str]:
    """The text of the last notice by each template."""
    told = [one.notification for one in case.recorded if one.notification]
    return {one.template: written(policy().pack, one, language, {}) for one in told}


def by_a_second_person(case: Playing, item: str) -> None:
    reply = case.owner("release", items=[item], reason="r")
    case.lead("approve", request_id=reply.result["request_id"], approved=True)


def by_the_customer(case: Playing, item: str) -> None:
    case.customer("release", items=[item], reason="r")


def by_the_customer_before_a_task(case: Playing, item: str) -> None:
    """The agreement ends with what is let go last, and that is no part of it."""
    case.owner("open_task", unit="warehouse", text="t")
    by_the_customer(case, item)
    assert case.all(Resolved) == []
    by_a_second_person(case, "task-1")


def by_the_customer_before_a_task_that_is_done(case: Playing, item: str) -> None:
    case.owner("open_task", unit="warehouse", text="t")
    by_the_customer(case, item)
    case.owner("finish_task", task_id="task-1", text="t")


WAYS: list[Callable[[Playing, str], None]] = [
    by_the_customer,
    by_the_customer_before_a_task,
    by_the_customer_before_a_task_that_is_done,
]


@pytest.mark.parametrize("let_go", WAYS)
def test_a_released_refund_is_never_described_as_done(let_go: Callable[[Playing, str], None]) -> None:
    case = play().agreed()
    let_go(case, "action-1")
    end = case.last(Resolved)
    assert (end.outcome, end.released, case.case.state.stage) == (
        "released",
        ["action-1"],
        Stage.FOLLOWING_UP,
    )
    for language in ("en", "zh"):
        told = texts(case, language)
        assert "resolved" not in told
        assert not any(DONE[language] in text for text in told.values())
        assert REFUND[language] in told["resolved_released"]
        assert REFUND[language] in told["released"]
        assert LET_GO[language] in told["resolved_released"]


def with_two() -> Playing:
    """A refund was agreed here (`action-1`), an apology in a duplicate (`action-2`)."""
    case, duplicate = play().agreed(), play().agreed("sorry")
    duplicate.merged()
    moved = duplicate.last(CaseEnded).moved
    assert moved
    case.receive(CarriedOver(duplicate="Cddddddddddddddd", was={}, **dict(moved)))
    return case


@pytest.mark.parametrize("first", ["done", "let go"])
@pytest.mark.parametrize(("kept", "left"), [("action-1", "action-2"), ("action-2", "action-1")])
def test_each_of_two_actions_is_described_by_its_own_end(kept: str, left: str, first: str) -> None:
    case = with_two()
    steps = [
        lambda: case.owner("complete_action", action_id=kept, evidence="e"),
        lambda: case.customer("release", items=[left], reason="r"),
    ]
    for step in steps if first == "done" else reversed(steps):
        step()
    assert (case.last(Resolved).outcome, case.last(Resolved).released) == ("agreed", [left])
    titles = {"action-1": REFUND, "action-2": APOLOGY}
    for language in ("en", "zh"):
        told = texts(case, language)
        assert titles[left][language] in told["released"]
        assert titles[kept][language] not in told["released"]
        done, rest = told["resolved"].split("also agreed" if language == "en" else "以下约定事项")
        assert titles[kept][language] in done
        assert titles[left][language] not in done
        assert titles[left][language] in rest
        assert titles[kept][language] not in rest


def test_a_partly_done_action_is_not_described_as_done() -> None:
    case = play()
    refund = case.opening.pinned.remedies["refund"]
    case.opening.pinned.remedies["refund"] = refund.model_copy(update={"actions": refund.actions * 2})
    case.agreed()
    case.owner("complete_action", action_id="action-1", evidence="e")
    by_the_customer(case, "action-2")
    assert (case.last(Resolved).outcome, case.last(Resolved).released) == ("released", ["action-2"])
    assert REFUND["en"] in texts(case, "en")["resolved_released"]


def test_a_completed_action_is_described_as_done_and_nothing_as_released() -> None:
    case = play().resolved()
    assert (case.last(Resolved).outcome, case.last(Resolved).released) == ("agreed", None)
    for language in ("en", "zh"):
        text = texts(case, language)["resolved"]
        assert REFUND[language] in text
        assert LET_GO[language] not in text


def test_open_actions_alone_continue_in_a_survivor() -> None:
    case = with_two()
    case.owner("complete_action", action_id="action-1", evidence="e")
    case.merged()
    moved = case.last(CaseEnded).moved
    assert moved
    assert [terms.remedy for terms in moved.agreed] == ["apology"]


def test_another_cycle_knows_nothing_of_earlier_releases() -> None:
    case = play().agreed()
    by_the_customer(case, "action-1")
    case.receive(Reopened(why="not_resolved", to_cycle=2))
    case.agreed()
    case.owner("complete_action", action_id=case.case.state.actions[0].action_id, evidence="e")
    assert (case.last(Resolved).outcome, case.last(Resolved).released) == ("agreed", None)


# --- withdrawn ------------------------------------------------------------------------------------


def test_a_withdrawal_over_an_agreed_refund_names_it() -> None:
    case = play().agreed()
    case.customer("withdraw", reason="r")
    assert REFUND["en"] in texts(case, "en")["withdrawn"]
    assert "do not pursue the following any more: Refund" in texts(case, "en")["withdrawn"]
    assert f"不再办理：{REFUND['zh']}" in texts(case, "zh")["withdrawn"]


def test_a_withdrawal_names_an_open_offer_and_only_what_is_open() -> None:
    offered = play().ready_to_offer()
    offered.offered()
    offered.customer("withdraw", reason="r")
    assert REFUND["en"] in texts(offered, "en")["withdrawn"]
    case = with_two()
    case.owner("complete_action", action_id="action-2", evidence="e")
    case.customer("withdraw", reason="r")
    text = texts(case, "en")["withdrawn"]
    assert REFUND["en"] in text
    assert APOLOGY["en"] not in text


def test_a_withdrawal_over_nothing_that_was_promised_names_nothing() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    case.owner("open_task", unit="warehouse", text="t")
    case.customer("withdraw", reason="r")
    assert "pursue the following any more:" not in texts(case, "en")["withdrawn"]
