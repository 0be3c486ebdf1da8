"""`field=value` on the command line."""

import pytest

from services.console.cli.fields import merge_fields, parse_object
from services.console.cli.usage import UsageError
from shared.contract.commands import COMMANDS


def test_values_become_what_the_contract_wants_of_them() -> None:
    satisfied = COMMANDS["record_satisfaction"]
    fields = ["resolved=true", "overall=5", "nps=9", "text=123"]
    assert merge_fields(satisfied, {}, fields) == {"resolved": True, "overall": 5, "nps": 9, "text": "123"}


def test_a_path_reaches_into_an_object_and_keeps_a_decimal_text() -> None:
    answer = COMMANDS["answer"]
    fields = ["offer_id=o1", "counter.remedy=refund", "counter.amount.value=199.00"]
    assert merge_fields(answer, {"answer": "countered"}, fields) == {
        "answer": "countered",
        "offer_id": "o1",
        "counter": {"remedy": "refund", "amount": {"value": "199.00"}},
    }


def test_a_list_is_written_as_json() -> None:
    assert merge_fields(COMMANDS["offer"], {}, ['standards=["refund-7d"]']) == {"standards": ["refund-7d"]}


def test_a_value_that_the_contract_refuses_is_sent_for_the_service_to_refuse() -> None:
    assert merge_fields(COMMANDS["raise_feedback"], {}, ["trigger=9"]) == {"trigger": 9}
    assert merge_fields(COMMANDS["raise_feedback"], {}, ["trigger=soon"]) == {"trigger": "soon"}


@pytest.mark.parametrize("field", ["nothing", "=value"])
def test_a_field_without_a_name_or_a_value_is_a_usage_error(field: str) -> None:
    with pytest.raises(UsageError, match="Write name=value"):
        merge_fields(COMMANDS["respond"], {}, [field])


def test_a_path_into_a_text_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="not an object"):
        merge_fields(COMMANDS["respond"], {"text": "hello"}, ["text.part=x"])


@pytest.mark.parametrize("text", ["{", "[1]", "3"])
def test_a_json_object_alone_is_an_object(text: str) -> None:
    with pytest.raises(UsageError, match="JSON"):
        parse_object(text)
