"""The rule of the complaint id, computed a second time by hand."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contract.generate.examples import COMPLAINT_ID, EXTERNAL_ID, SOURCE
from shared.contract.generate.page import page
from shared.contract.ids import complaint_id, event_id

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def by_hand(source: str, external_id: str) -> str:
    """Fifteen groups of five bits from the top of the digest."""
    number = int.from_bytes(hashlib.sha256((source + "\n" + external_id).encode("utf-8")).digest(), "big")
    return "C" + "".join(ALPHABET[(number >> (256 - 5 * (place + 1))) & 31] for place in range(15))


@pytest.mark.parametrize(
    ("source", "external_id", "expected"),
    [
        ("crm.example/cases", "2026-000123", "Cxl24reuudjrczpw"),
        ("客服系统/投诉", "工单-第42号", None),
        ("", "", None),
        ("crm", "ünïcödé 🫖", None),
    ],
)
def test_the_complaint_id_follows_its_rule(source: str, external_id: str, expected: str | None) -> None:
    assert complaint_id(source, external_id) == (expected or by_hand(source, external_id))
    assert by_hand(source, external_id) == complaint_id(source, external_id)


@given(st.text(alphabet=st.characters(codec="utf-8")), st.text(alphabet=st.characters(codec="utf-8")))
def test_the_complaint_id_follows_the_rule_for_every_text(source: str, external_id: str) -> None:
    assert complaint_id(source, external_id) == by_hand(source, external_id)


def test_the_same_words_divided_otherwise_are_another_complaint() -> None:
    assert complaint_id("ab", "c") != complaint_id("a", "bc")


def test_the_worked_example_of_the_page_is_right() -> None:
    assert by_hand(SOURCE, EXTERNAL_ID) == COMPLAINT_ID
    assert COMPLAINT_ID in page()


def test_an_event_id_names_complaint_service_and_number() -> None:
    assert event_id("Cxl24reuudjrczpw", "routing", 12) == "Cxl24reuudjrczpw-routing-12"
