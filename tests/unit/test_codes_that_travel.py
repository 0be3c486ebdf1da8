"""What facts hold outlasts every erasure: a code is one word, and nobody's number; the rest is a text."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from shared.contract.commands import (
    COMMANDS,
    AnswerOffer,
    Clarify,
    Command,
    CompleteRecord,
    Decide,
    OpenTask,
    Refer,
)
from shared.contract.events import Clarified, FinalDecision, OfferAnswered, Referred, TaskOpened
from shared.contract.subjects import Service
from shared.contract.values import is_code
from shared.masking.masker import Kind, Masker
from shared.policy.models import remedy_codes
from shared.runtime.texts.text_fields import number_left, take_out, without_strangers
from tests.unit.cases import Playing, play, policy

COMPLAINT = "Caaaaaaaaaaaaaaa"
MASK = Masker(get_args(Kind))
REMEDIES = remedy_codes(policy().pack)

CODES = [
    "battery",
    "heating-element",
    "E_204",
    "repair/shop-3",
    "12315",
    "consumer.example",
    "recall-2026-11",
]
WORDS = [
    "Xylophonia Qwertberg pressed wrong",
    "heating element",
    "4111 1111 1111 1111",
    "4111111111111111",
    "110101199003077758",
    "11010519491231002X",
    "call 13800138000",
    "call-13800138000",
    "138-0013-8000",
    "13800138000",
    "AB123456C",
    "王小明",
    "王小明按错了按钮",
    "１３８００１３８０００",
    "Zoë",
    "x@marker.example",
    "mailto:x@marker.example",
]


@pytest.mark.parametrize("value", CODES)
def test_one_word_is_a_code(value: str) -> None:
    assert is_code(value)


@pytest.mark.parametrize("value", WORDS)
def test_words_of_people_and_their_numbers_are_no_codes(value: str) -> None:
    assert not is_code(value)


def of_a_code(value: str) -> list[tuple[str, Command]]:
    """Every command that names something by a code, with the field."""
    clear = {"cause_side": "defect", "liability": "company"}
    decided = {"decision": "rejected", "standards": [], "text": "t"}
    counter = {"offer_id": "o1", "answer": "countered", "counter": {"remedy": value}}
    return [
        ("cause", Clarify.model_validate(clear | {"cause": value})),
        ("unit", OpenTask.model_validate({"unit": value, "text": "t"})),
        ("to", Refer.model_validate({"to": value, "reason": "r"})),
        ("recourse", Decide.model_validate(decided | {"recourse": value})),
        ("unit", CompleteRecord.model_validate({"unit": value})),
        ("counter.remedy", AnswerOffer.model_validate(counter)),
    ]


@pytest.mark.parametrize("value", WORDS)
def test_a_value_that_is_no_code_is_taken_and_stored_encrypted(value: str) -> None:
    for field, command in of_a_code(value):
        data, texts = take_out(Service.ROUTING, COMPLAINT, "c-1", command, REMEDIES)
        (key,) = (key for key, text in texts.items() if text == value)
        assert key.startswith(f"{field}-")
        assert value not in str(data)


def test_a_code_and_a_remedy_that_is_known_go_on() -> None:
    for field, command in of_a_code("refund"):
        data, texts = take_out(Service.ROUTING, COMPLAINT, "c-1", command, REMEDIES)
        assert "refund" not in texts.values(), field
        assert "refund" in str(data), field


def ordered(case: Playing, verb: str, **data: Any) -> dict[str, Any]:
    """What the case is told of a command of the owner, as it comes from the door."""
    command = COMMANDS[verb].model_validate(data)
    return take_out(Service.ROUTING, case.case.state.complaint_id, "c-1", command, REMEDIES)[0]


def test_a_fact_has_the_code_described_and_a_reference_to_the_words() -> None:
    case = play()
    owned, ref = case.case.state.complaint_id, "routing:{}:{}-"
    case.owner("respond", kind="plan", text="t")
    told = ordered(case, "clarify", cause="she pressed wrong", cause_side="defect", liability="none")
    case.owner("clarify", **told)
    case.owner("open_task", **ordered(case, "open_task", unit="Zoe's people", text="t"))
    clarified, opened = case.last(Clarified), case.last(TaskOpened)
    assert (clarified.cause, opened.unit) == ("described", "described")
    assert str(clarified.cause_ref).startswith(ref.format(owned, "cause"))
    assert str(opened.unit_ref).startswith(ref.format(owned, "unit"))
    case.owner("finish_task", task_id="task-1", text="t")
    case.lead("refer", **ordered(case, "refer", to="Mr Hieronymus Refertown", reason="r"))
    referred = case.last(Referred)
    assert referred.to == "described"
    assert str(referred.to_ref).startswith(ref.format(owned, "to"))


def test_a_code_is_in_the_fact_itself() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    case.owner("clarify", **ordered(case, "clarify", cause="battery", cause_side="defect", liability="none"))
    assert (case.last(Clarified).cause, case.last(Clarified).cause_ref) == ("battery", None)
    given = {"decision": "rejected", "standards": ["after-sales-7"], "text": "t", "recourse": "12315"}
    case.owner("final_decision", **ordered(case, "final_decision", **given))
    assert case.last(FinalDecision).recourse == "12315"


def test_a_counter_demand_in_words_is_sent_in_those_words_behind_a_reference() -> None:
    case = play().ready_to_offer()
    counter = {"remedy": "a visit of Zebedee", "amount": {"value": "5.00", "currency": "CNY"}}
    given = {"offer_id": case.offered("some"), "answer": "countered", "counter": counter}
    case.customer("answer", **ordered(case, "answer", **given))
    said = case.last(OfferAnswered).counter
    assert said is not None
    assert (said.remedy, said.amount and said.amount.value) == ("described", "5.00")
    assert str(said.remedy_ref).startswith("routing:")


@pytest.mark.parametrize("number", ["13800138000", "4111111111111111", "110101199003077758"])
@pytest.mark.parametrize(
    ("verb", "data", "field"),
    [
        ("prepare_options", {"options": [{"option_id": "#", "remedy": "refund"}]}, "options.0.option_id"),
        ("offer", {"option_id": "#", "standards": [], "text": "t"}, "option_id"),
        ("offer", {"option_id": "a", "standards": ["#"], "text": "t"}, "standards.0"),
        ("finish_task", {"task_id": "#", "text": "t"}, "task_id"),
        ("transfer", {"to": "#", "reason": "r"}, "to"),
        ("change", {"what": "person", "to": "#", "reason": "r"}, "to"),
    ],
)
def test_a_number_that_is_masked_goes_on_in_no_field(
    verb: str, data: dict[str, Any], field: str, number: str
) -> None:
    command = COMMANDS[verb].model_validate_json(str(data).replace("'", '"').replace("#", number))
    left, _ = take_out(Service.ROUTING, COMPLAINT, "c-1", command, REMEDIES)
    assert number_left(Service.ROUTING, COMPLAINT, left, MASK) == field
    assert number_left(Service.ROUTING, COMPLAINT, left, Masker([])) is None


def test_amounts_instants_and_references_are_no_persons_numbers() -> None:
    amount = {"value": "13800138000", "currency": "CNY"}
    options = [{"option_id": "a", "remedy": "refund", "amount": amount, "text": "13800138000"}]
    command = COMMANDS["prepare_options"].model_validate({"options": options})
    data, _ = take_out(Service.ROUTING, COMPLAINT, "c-1", command, REMEDIES)
    assert number_left(Service.ROUTING, COMPLAINT, data, MASK) is None
    until = {"obligation": "resolution", "until": "2026-11-21T09:20:33.123456Z", "reason": "r"}
    data, _ = take_out(Service.ROUTING, COMPLAINT, "c-1", COMMANDS["extend"].model_validate(until))
    assert number_left(Service.ROUTING, COMPLAINT, data, MASK) is None


@pytest.mark.parametrize(
    ("verb", "more"), [("transfer", {}), ("hand_over", {}), ("change", {"what": "person"})]
)
def test_a_person_whom_the_roster_does_not_know_is_not_passed_on_by_name(
    verb: str, more: dict[str, str]
) -> None:
    for name, passed in (("Zebedee", "described"), ("王小明", "described"), ("agent-2", "agent-2")):
        command = COMMANDS[verb].model_validate({"to": name, "reason": "r"} | more)
        data, _ = take_out(Service.ROUTING, COMPLAINT, "c-1", command, REMEDIES)
        assert without_strangers(command, data, {"agent-2"})["to"] == passed
    refer = COMMANDS["refer"].model_validate({"to": "ombudsman", "reason": "r"})
    assert without_strangers(refer, {"to": "ombudsman"}, {"agent-2"}) == {"to": "ombudsman"}


def test_an_id_that_a_machine_made_is_no_persons_number() -> None:
    made = "55541384-4135-4138-bcc4-1d340d926ef8"
    assert MASK(made) == made, "its first groups have the digits of a card"
    offer = COMMANDS["offer"].model_validate({"option_id": made, "standards": [], "text": "t"})
    data, _ = take_out(Service.ROUTING, COMPLAINT, "c-1", offer, REMEDIES)
    assert number_left(Service.ROUTING, COMPLAINT, data, MASK) is None


NAME = "Zebedee Staffname"

ELSEWHERE = {
    ("transfer", "to"),
    ("hand_over", "to"),
    ("mediate", "to"),
    ("sign_on", "staff"),
    ("sign_off", "staff"),
    ("propose_swap", "to"),
    ("accept_swap", "swap_id"),
    ("refuse_swap", "swap_id"),
    ("erase", "reason"),
    ("link_customer", "register"),
    ("link_customer", "ref"),
}
"""What the roster must know, what is kept nowhere (`ErasureReason`), and a customer who has a complaint."""


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """The models that a field holds, be it one, a list or none."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for one in get_args(annotation) for model in models_in(one)]


def takes(model: type[BaseModel], name: str) -> bool:
    """Whether a field can be a name of two words, or a list of such."""
    for value in (NAME, [NAME]):
        try:
            model.__pydantic_validator__.validate_assignment(model.model_construct(), name, value)
        except ValidationError:
            continue
        return True
    return False


def open_fields(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """Every field that takes words, dotted."""
    for name, field in model.model_fields.items():
        if takes(model, name):
            yield f"{before}{name}"
        for nested in models_in(field.annotation):
            yield from open_fields(nested, f"{before}{name}.")


def filled(model: type[BaseModel]) -> Any:
    """A message that has the name in every field."""
    fields = model.model_fields.items()
    nested = {name: found[0] for name, field in fields if (found := models_in(field.annotation))}
    return model.model_construct(
        **{name: filled(nested[name]) if name in nested else NAME for name, _ in fields}
    )


def test_the_fields_that_take_words_are_found() -> None:
    found = {(verb, field) for verb, command in COMMANDS.items() for field in open_fields(command)}
    assert len(found) > 35
    assert found >= {
        ("clarify", "evidence"),
        ("prepare_options", "options.text"),
        ("answer", "counter.remedy"),
    }


@pytest.mark.parametrize("verb", COMMANDS)
def test_every_field_that_takes_words_is_stored_encrypted_where_it_has_some(verb: str) -> None:
    command = COMMANDS[verb]
    away = filled(command).texts(REMEDIES)
    left = [field for field in open_fields(command) if field not in away and (verb, field) not in ELSEWHERE]
    assert left == [], "a new field of a command is a code, a choice or a text"
