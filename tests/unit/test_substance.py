"""A response says something: a sign, a greeting or a phrase of courtesy is none."""

import pytest

from shared.contract.errors import ErrorCode, Refusal
from shared.contract.orders import Order
from shared.wording.substance import Substance
from tests.unit.cases import actor, play, policy

LEAST = policy().pack.response.least

EMPTY = (
    *(
        ".",
        "。",
        "...",
        "——",
        "？！",
        "Sorry.",
        "抱歉。",
        "好的",
        "OK",
        "已收到，谢谢！",
        "👍",
        "aaaaaaaa",
        "呃呃呃呃",
    ),
    "We are sorry for the inconvenience.",
    "Thank you for your feedback. We will look into it as soon as possible.",
    "We have received your complaint and will get back to you soon. Kind regards",
    "Dear Sir or Madam, thank you for contacting us. We take your complaint very seriously. Yours sincerely",
    "Dear customer, we apologise for the inconvenience. Your complaint is important to us.",
    "We understand your frustration and will do our best to resolve this.",
    "您好，您的投诉已收到，我们会尽快处理，给您带来不便敬请谅解。",
    "尊敬的客户，您好！我们对您遇到的问题深表歉意，我们会认真对待，并尽快给您答复。感谢您的理解与支持！",
    "感谢您的反馈，我们高度重视，将尽快核实处理。",
    "非常抱歉给您带来不便，请您耐心等待。",
)

SUBSTANTIAL = (
    *(
        "We will replace the kettle.",
        "Refund: 199.00",
        "我们会换货",
        "已为您退款",
        "已核实。",
        "明天上门检查。",
    ),
    "We are sorry. The seal of the lid was faulty, and a new kettle leaves us on Monday.",
    "您好，水壶底座的密封圈有缺陷，周一给您寄出新壶，给您带来不便，非常抱歉。",
    "We checked the log: the parcel left on 3 May.",
    "Мы заменим чайник.",
    "我负责到底。",
)


@pytest.mark.parametrize("text", EMPTY)
def test_courtesy_alone_is_no_substance(text: str) -> None:
    assert Substance(policy().pack.response).letters(text) < LEAST


@pytest.mark.parametrize("text", SUBSTANTIAL)
def test_what_was_found_or_is_done_is_substance(text: str) -> None:
    assert Substance(policy().pack.response).letters(text) >= LEAST


@pytest.mark.parametrize(("letters", "refused"), [(0, True), (LEAST - 1, True), (LEAST, False)])
def test_a_response_without_substance_is_refused_with_its_field_and_meets_no_deadline(
    letters: int, refused: bool
) -> None:
    case = play()
    order = Order(
        command_id="c",
        verb="respond",
        actor=actor("agent-1"),
        data={"kind": "plan", "text": "ref"},
        attached={"letters": letters},
    )
    reply = case.case.decide(order, case.now)
    assert isinstance(reply, Refusal) == refused
    if isinstance(reply, Refusal):
        assert (reply.code, reply.field) == (ErrorCode.NEEDS_SUBSTANCE, "data.text")
    assert case.case.state.responded != refused
