"""The CFPB's products and issues map onto ours and back without loss (`sources.md` F11)."""

from typing import Any

import pytest

from services.routing.triage import triage
from shared.contract.values import Category, Outside, Sub
from shared.policy.loader import load_policy
from shared.policy.models import Pack
from shared.policy.schemes import OutsideNames, Scheme, names_of, outside_of, scheme_problems, sub_of
from tests.unit.cases import received

CFPB = "cfpb"


def pack() -> Pack:
    return load_policy("us-cfpb").pack


def products(own: Scheme) -> list[tuple[str, str | None]]:
    return [(one.name, part) for one in own.products.values() for part in (None, *one.parts.values())]


def issues(own: Scheme) -> list[tuple[str, str | None]]:
    parts = ((one.name, [part.name for part in one.parts.values()]) for one in own.issues.values())
    return [(name, part) for name, own_parts in parts for part in (None, *own_parts)]


def test_the_scheme_has_at_least_the_81_issues_and_each_has_a_category() -> None:
    own = pack().schemes[CFPB]
    assert len(own.issues) >= 81
    assert len(own.products) >= 11
    subs = {sub_of(pack().schemes, Outside(scheme=CFPB, issue=code)) for code in own.issues}
    assert {one.category for one in subs if one} == set(Category)


def test_every_product_and_every_issue_leads_to_a_code_and_back_to_the_same_words() -> None:
    schemes = pack().schemes
    seen = set()
    for product in products(schemes[CFPB]):
        for issue in issues(schemes[CFPB]):
            names = OutsideNames(*product, *issue)
            found = outside_of(schemes, CFPB, names)
            assert found is not None
            assert names_of(schemes, found) == names
            assert sub_of(schemes, found) is not None
            seen.add((found.product, found.issue))
    assert len(seen) == len(products(schemes[CFPB])) * len(issues(schemes[CFPB]))


def test_words_and_codes_that_the_authority_does_not_have_lead_nowhere() -> None:
    schemes = pack().schemes
    assert outside_of(schemes, CFPB, OutsideNames(product="Mortgage", sub_product="Boat")) is None
    assert outside_of(schemes, CFPB, OutsideNames(issue="Weather")) is None
    assert names_of(schemes, Outside(scheme=CFPB, issue="I999")) is None
    assert names_of(schemes, Outside(scheme="other", issue="I001")) is None
    assert sub_of(schemes, Outside(scheme="other", issue="I001")) is None
    assert sub_of(schemes, None) is None


def hinted(**hints: Any) -> tuple[Category, Sub | None, Outside | None, str]:
    found = triage(received(hints=hints), pack())
    assert found.category_guess
    return found.category, found.sub, found.outside, found.category_guess.source


def test_an_authoritys_issue_gives_category_and_sub_code_and_travels_on_unchanged() -> None:
    names = OutsideNames("Mortgage", "VA mortgage", "Trouble during payment process", "Fees charged")
    outside = outside_of(pack().schemes, CFPB, names)
    category, sub, kept, source = hinted(outside=outside)
    assert (category, sub, source) == (Category.PRICE, Sub.PRICE_FAIRNESS, "hint")
    assert kept
    assert names_of(pack().schemes, kept) == names


def test_a_sub_code_of_the_sender_precedes_that_of_the_issue_and_none_contradicts_the_category() -> None:
    outside = {"scheme": CFPB, "issue": "I001"}
    assert hinted(outside=outside, sub="delivery.late")[:2] == (Category.SERVICE, Sub.DELIVERY_LATE)
    assert hinted(outside=outside, category="policy")[:2] == (Category.POLICY, None)
    assert hinted(category="price", sub="delivery.late")[:2] == (Category.PRICE, None)


def test_a_pack_without_the_scheme_keeps_the_codes_and_finds_the_category_otherwise() -> None:
    found = triage(
        received(hints={"outside": {"scheme": CFPB, "issue": "I001"}}), load_policy("default").pack
    )
    assert found.outside == Outside(scheme=CFPB, issue="I001")
    assert found.sub is None


@pytest.mark.parametrize("code", ["13800138000", "two words", "x" * 9, "I001.1234567", "I1.2.3.4", ""])
def test_a_code_is_short_and_never_a_number_of_a_person(code: str) -> None:
    with pytest.raises(ValueError, match="issue"):
        Outside(scheme=CFPB, issue=code)


def test_a_scheme_with_a_name_twice_or_a_part_of_another_is_named() -> None:
    issue = {"name": "A", "sub": "price.charge"}
    wrong = Scheme.model_validate(
        {
            "title": {"en": "E", "zh": "中"},
            "products": {"P1": {"name": "A"}, "P2": {"name": "A"}},
            "issues": {"I1": issue | {"parts": {"I2.1": {"name": "a"}}}},
        }
    )
    found = {".".join(map(str, loc)) for loc, _ in scheme_problems({"x": wrong})}
    assert found == {"schemes.x.products", "schemes.x.issues.I1.parts.I2.1"}
