"""The small values that many messages share."""

from typing import Annotated, Any

import orjson
import pytest
from pydantic import BaseModel, StringConstraints, ValidationError

from shared.contract.commands import Change, Clarify, CompleteRecord, Respond
from shared.contract.errors import Refusal
from shared.contract.subjects import Service
from shared.contract.values import Instant, Money, Text
from shared.contract.values.problems import first_problem
from shared.runtime.messages.answering import NotUnderstood
from shared.runtime.messages.requests import decode_command
from shared.runtime.texts.text_fields import take_out

SATISFIED = {"resolved": True, "overall": 5, "outcome": 5, "process": 5, "treatment": 5}


class Holder(BaseModel):
    text: Text | None = None
    at: Instant | None = None


def refused(verb: str, body: bytes) -> Refusal:
    """Why a command is not understood."""
    with pytest.raises(NotUnderstood) as caught:
        decode_command(verb, body)
    return caught.value.refusal


@pytest.mark.parametrize("blank", [" ", "\n\t ", "\u200b", "\u3000\u200f"])
def test_an_invisible_text_is_no_text(blank: str) -> None:
    with pytest.raises(ValidationError, match="must not be empty"):
        Holder(text=blank)
    with pytest.raises(ValidationError):
        Respond(kind="plan", text=blank)


@pytest.mark.parametrize("text", ["好", "!", "🙂", " ok "])
def test_a_text_with_visible_signs_is_a_text(text: str) -> None:
    assert Holder(text=text).text == text


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1999-12-31T00:00:00Z"]
)
def test_a_meaningless_instant_is_refused(at: str) -> None:
    with pytest.raises(ValidationError, match="between 2000 and 2200"):
        Holder.model_validate({"at": at})


@pytest.mark.parametrize("value", ["１９９", "-1", "1e3", "1.23456", ""])
def test_an_amount_is_plain_digits(value: str) -> None:
    with pytest.raises(ValidationError):
        Money(value=value, currency="CNY")


@pytest.mark.parametrize(
    ("field", "text"),
    [("data.text", "ok\u202e"), ("data.text", "bell\x07"), ("data.text", "\u2066x"), ("data.text", "\u200b")],
)
def test_a_commands_text_is_read_with_the_same_care(field: str, text: str) -> None:
    request = {"command_id": "c", "complaint_id": "C", "actor": {"id": "agent-1"}}
    body = orjson.dumps(request | {"data": {"kind": "plan", "text": text}})
    refusal = refused("respond", body)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.field) == ("malformed", field)
    assert text not in refusal.model_dump_json()
    assert "data.text：" in refusal.message_zh


@pytest.mark.parametrize(
    ("twice", "field"),
    [
        (b'"complaint_id": "D", "data": {}', "complaint_id"),
        (b'"data": {"kind": "plan", "text": "a", "text": "b"}', "data.text"),
        (b'"data": {"kind": "plan", "text": "a", "Zoe": 1, "Zoe": 2}', "data"),
    ],
)
def test_a_command_with_a_field_twice_is_refused_by_its_name(twice: bytes, field: str) -> None:
    body = b'{"command_id": "c", "complaint_id": "C", "actor": {"id": "agent-1"}, ' + twice + b"}"
    refusal = refused("respond", body)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.field) == ("malformed", field)
    assert "twice" in refusal.message
    assert "重复" in refusal.message_zh
    assert "Zoe" not in refusal.model_dump_json()


def test_a_value_that_is_too_short_but_not_empty_is_refused_with_the_least_length() -> None:
    class Link(BaseModel):
        uri: Annotated[str, StringConstraints(min_length=3)]

    with pytest.raises(ValidationError) as caught:
        Link(uri="x")
    _, _, words = first_problem(caught.value)
    assert words == ("must have at least 3 characters", "至少 3 个字符")


@pytest.mark.parametrize("name", ["command_id", "actor.id"])
def test_a_commands_identifiers_hide_nothing(name: str) -> None:
    request: dict[str, Any] = {"command_id": "c", "complaint_id": "C", "actor": {"id": "agent-1"}}
    place = request["actor"] if name == "actor.id" else request
    place[name.rpartition(".")[2]] = "agent\u200b-1"
    refusal = refused("respond", orjson.dumps(request))
    assert isinstance(refusal, Refusal)
    assert refusal.field == name


def test_a_long_number_is_no_code_that_may_travel() -> None:
    told = CompleteRecord(remedy_sought="138 0013 8000", unit="shop-3")
    data, texts = take_out(Service.ROUTING, "Caaaaaaaaaaaaaaa", "c1", told)
    assert list(texts.values()) == ["138 0013 8000"]
    assert data["unit"] == "shop-3"
    assert take_out(Service.ROUTING, "C", "c1", CompleteRecord(remedy_sought="refund"))[1] == {}


def test_an_unknown_remedy_is_stored_encrypted() -> None:
    told = CompleteRecord(remedy_sought="john.smith-zebra")
    data, texts = take_out(Service.ROUTING, "Caaaaaaaaaaaaaaa", "c1", told, {"refund", "voucher"})
    assert (list(texts.values()), "zebra" in str(data)) == (["john.smith-zebra"], False)
    voucher = CompleteRecord(remedy_sought="voucher")
    assert take_out(Service.ROUTING, "C", "c1", voucher, {"refund", "voucher"})[1] == {}


@pytest.mark.parametrize("cause", ["battery", "加热元件", "heating element"])
def test_a_cause_is_a_word_of_any_script(cause: str) -> None:
    assert Clarify(cause=cause, cause_side="defect", liability="company").cause == cause


def test_a_place_in_words_is_stored_encrypted_and_a_person_is_not() -> None:
    place = Change(what="place", to="home of Mr Wang", reason="r")
    data, texts = take_out(Service.ROUTING, "Caaaaaaaaaaaaaaa", "c1", place)
    assert sorted(texts.values()) == ["home of Mr Wang", "r"]
    assert data["to"].startswith("routing:")
    person = Change(what="person", to="agent-2", reason="r")
    data, texts = take_out(Service.ROUTING, "Caaaaaaaaaaaaaaa", "c1", person)
    assert data["to"] == "agent-2"
    assert list(texts.values()) == ["r"]


@pytest.mark.parametrize(
    ("verb", "data", "field"),
    [
        ("record_satisfaction", SATISFIED | {"resolved": "yes"}, "data.resolved"),
        ("report_callback", {"attempt": "1", "result": "busy"}, "data.attempt"),
        ("record_satisfaction", SATISFIED | {"overall": True}, "data.overall"),
        ("reclassify", {"reason": "r", "safety": 1}, "data.safety"),
        ("reclassify", {"reason": "r", "severity": "3"}, "data.severity"),
    ],
)
def test_a_command_guesses_no_type_either(verb: str, data: dict[str, Any], field: str) -> None:
    request = {"command_id": "c", "complaint_id": "C", "actor": {"id": "agent-1"}, "data": data}
    refusal = refused(verb, orjson.dumps(request))
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.field) == ("malformed", field)


def test_a_choice_is_listed_in_the_language_of_its_sentence() -> None:
    request = {"command_id": "c", "complaint_id": "C", "actor": {"id": "a"}}
    request |= {"data": {"reason": "r", "category": "weather"}}
    refusal = refused("reclassify", orjson.dumps(request))
    assert isinstance(refusal, Refusal)
    assert "'product', 'service', 'price' or 'policy'" in refusal.message
    assert "'product'、'service'、'price' 或 'policy'" in refusal.message_zh
