"""Fairness: scores of a complaint, options better for both, and disparity that finds a biased owner only."""

import random

import pytest

from services.routing.fairness.disparity import LEAST, Observed, compared, quantile
from services.routing.fairness.scores import scores
from services.routing.rules.win_win import better_for_both
from services.routing.view import view
from shared.contract.events import Agreed, PreparedOption
from shared.contract.values import Money
from tests.unit.cases import Playing, play

SEEDS = range(12)
OWNERS = [f"agent-{number}" for number in range(1, 7)]


def synthetic(seed: int, bias: dict[str, float], count: int = 60) -> list[Observed]:
    """Records of six owners; those of `bias` give less. The classes differ by themselves."""
    chance = random.Random(seed)
    found = []
    for owner in OWNERS:
        for _ in range(count):
            severity = chance.choice([1, 2, 3, 4])
            value = 0.9 - 0.1 * severity + chance.gauss(0, 0.15) - bias.get(owner, 0.0)
            found.append(Observed(owner, f"product {severity}", min(1.0, max(0.0, value))))
    chance.shuffle(found)
    return found


def names(values: list[Observed]) -> list[str]:
    return [one.group for one in compared(values) if one.found]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_biased_owner_is_found_and_no_other(seed: int) -> None:
    assert names(synthetic(seed, {"agent-3": 0.2})) == ["agent-3"]


@pytest.mark.parametrize("seed", SEEDS)
def test_an_unbiased_house_has_nobody_found(seed: int) -> None:
    assert names(synthetic(seed, {})) == []


def test_two_biased_owners_are_found_and_no_other() -> None:
    for seed in SEEDS:
        assert names(synthetic(seed, {"agent-1": 0.3, "agent-5": 0.2}, 120)) == ["agent-1", "agent-5"]


def test_graver_cases_make_no_owner_biased() -> None:
    chance = random.Random(1)
    hard = [Observed("hard", "product 4", 0.4 + chance.gauss(0, 0.05)) for _ in range(60)]
    easy = [Observed("easy", "product 1", 0.9 + chance.gauss(0, 0.05)) for _ in range(60)]
    both = [Observed(who, kind, base + chance.gauss(0, 0.05)) for who in ("hard", "easy", "all")
            for kind, base in (("product 4", 0.4), ("product 1", 0.9)) for _ in range(20)]  # fmt: skip
    assert names([*hard, *easy, *both]) == []


def test_a_group_below_five_is_in_no_figure() -> None:
    few = [Observed("few", "k", 0.0)] * (LEAST - 1)
    values = synthetic(1, {})
    assert compared([*values, *few]) == compared(values)
    assert compared([Observed("one", "k", 0.5)] * 10) == []


def test_the_order_of_the_records_changes_nothing() -> None:
    values = synthetic(2, {"agent-3": 0.2})
    assert names(sorted(values)) == names(values)


@pytest.mark.parametrize(("freedom", "exact"), [(5, 2.571), (10, 2.228), (30, 2.042), (1000, 1.962)])
def test_the_quantile_is_that_of_students_t(freedom: int, exact: float) -> None:
    assert abs(quantile(0.05, freedom) - exact) < 0.01


def option(name: str, ours: float | None, theirs: float | None) -> dict[str, object]:
    amount = {"value": f"{100 + len(name)}.{ord(name[0]) % 100:02}", "currency": "CNY"}
    return {"option_id": name, "remedy": "refund", "amount": amount, "value_to_customer": theirs,
            "value_to_company": ours}  # fmt: skip


def test_a_settlement_is_flagged_when_a_prepared_option_was_better_for_both() -> None:
    case = play().ready_to_offer()
    options = [option("worse", 0.4, 0.4), option("better", 0.5, 0.6), option("other", 0.2, 0.9)]
    case.owner("prepare_options", options=options)
    case.customer("answer", offer_id=case.offered("worse"), answer="accepted")
    assert case.last(Agreed).better_for_both == ["better"]


def test_a_list_that_was_prepared_anew_hides_no_better_option() -> None:
    case = play().ready_to_offer()
    case.owner("prepare_options", options=[option("better", 0.5, 0.6), option("worse", 0.4, 0.4)])
    case.owner("prepare_options", options=[option("worse", 0.4, 0.4), option("third", 0.1, 0.7)])
    case.customer("answer", offer_id=case.offered("worse"), answer="accepted")
    assert case.last(Agreed).better_for_both == ["better"]


def test_no_flag_without_an_option_that_is_better_for_both() -> None:
    case = play().ready_to_offer()
    case.owner("prepare_options", options=[option("some", 0.6, 0.4), option("all", 0.4, 0.6)])
    case.customer("answer", offer_id=case.offered("some"), answer="accepted")
    assert case.last(Agreed).better_for_both is None
    unknown = PreparedOption.model_validate(option("x", None, 0.5))
    assert better_for_both([unknown], unknown) == []


def state(case: Playing) -> dict[str, object]:
    return view(case.case.state).model_dump(mode="json")


def test_the_scores_of_a_complaint_that_went_well() -> None:
    case = play(loss=Money(value="100.00", currency="CNY")).resolved("some")
    found = scores(state(case), {})
    assert (found.outcome, found.process, found.treatment) == (1.0, 1.0, 1.0)
    rated = scores(state(case), {"satisfaction_recorded": {"fairness": {"outcome": 3, "process": 1}}})
    assert rated.outcome == round((1 + 1 + 0.5) / 3, 4)
    assert rated.process == round((1 + 1 + 0) / 3, 4)


def test_a_missed_deadline_and_a_missing_apology_cost_fairness() -> None:
    case = play()
    case.later(hours=30)
    case.owner("clarify", cause="c", cause_side="defect", liability="company")
    case.resolved("sorry")
    late = scores(state(case), {})
    assert late.process is not None
    assert late.process < 1
    waiting = play()
    waiting.owner("clarify", cause="c", cause_side="defect", liability="company")
    assert scores(state(waiting), {}).treatment == 0.0


def test_the_order_of_equal_facts_changes_no_score() -> None:
    case = play().resolved()
    found = state(case)
    turned = {name: one[::-1] if isinstance(one, list) else one for name, one in found.items()}
    assert scores(turned, {}) == scores(found, {})
