"""The small values that many messages share."""

import pytest
from pydantic import BaseModel, ValidationError

from shared.contract.commands import Change, Clarify, Respond
from shared.contract.subjects import Service
from shared.contract.values import Instant, Money, Text
from shared.runtime.put_away import take_out


class Holder(BaseModel):
    text: Text | None = None
    at: Instant | None = None


@pytest.mark.parametrize("blank", [" ", "\n\t ", "\u200b", "\u3000\u200f"])
def test_a_text_that_nobody_can_see_is_no_text(blank: str) -> None:
    with pytest.raises(ValidationError, match="must say something"):
        Holder(text=blank)
    with pytest.raises(ValidationError):
        Respond(kind="plan", text=blank)


@pytest.mark.parametrize("text", ["好", "!", "🙂", " ok "])
def test_a_text_that_says_something_is_one(text: str) -> None:
    assert Holder(text=text).text == text


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1999-12-31T00:00:00Z"]
)
def test_an_instant_that_nobody_means_is_refused(at: str) -> None:
    with pytest.raises(ValidationError, match="between 2000 and 2200"):
        Holder.model_validate({"at": at})


@pytest.mark.parametrize("value", ["１９９", "-1", "1e3", "1.23456", ""])
def test_an_amount_is_plain_digits(value: str) -> None:
    with pytest.raises(ValidationError):
        Money(value=value, currency="CNY")


@pytest.mark.parametrize("cause", ["battery", "加热元件", "heating element"])
def test_a_cause_is_a_word_of_any_script(cause: str) -> None:
    assert Clarify(cause=cause, cause_side="defect", liability="company").cause == cause


def test_a_place_told_in_words_is_put_away_and_a_person_is_not() -> None:
    place = Change(what="place", to="home of Mr Wang", reason="r")
    data, texts = take_out(Service.ROUTING, "Caaaaaaaaaaaaaaa", "c1", place)
    assert sorted(texts.values()) == ["home of Mr Wang", "r"]
    assert data["to"].startswith("routing:")
    person = Change(what="person", to="agent-2", reason="r")
    data, texts = take_out(Service.ROUTING, "Caaaaaaaaaaaaaaa", "c1", person)
    assert data["to"] == "agent-2"
    assert list(texts.values()) == ["r"]
