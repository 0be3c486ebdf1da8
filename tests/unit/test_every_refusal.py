"""Every refusal code of the contract is raised by some code and reached by a test; both lists are derived."""

import ast
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.contract.errors import ErrorCode, Refusal
from shared.contract.orders import Order
from tests.unit.cases import MONDAY, OPTIONS, Playing, actor, play
from tests.unit.test_case_understanding import ANGRY_PACK, GRAVE, asking

ROOT = Path(__file__).parents[2]
CASE = [ROOT / "services/routing/refusals.py", *(ROOT / "services/routing/rules").glob("*.py")]
OFFER: dict[str, Any] = {"option_id": "some", "standards": ["after-sales-7"], "text": "t"}
UNRELATED = (("a", "apology"), ("b", "explanation"))
LESS: dict[str, Any] = {"option_id": "sorry", "standards": ["after-sales-7"], "text": "t"}


def _codes_in(node: ast.AST) -> Iterator[ErrorCode]:
    for one in ast.walk(node):
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == "ErrorCode":
            yield ErrorCode[one.attr]


def raised(paths: list[Path]) -> set[ErrorCode]:
    """Codes of the refusals that this code makes, or has in its catalogue (each entry of which is used)."""
    found: set[ErrorCode] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id
            if isinstance(node, ast.Call) and node.args and named in ("refuse", "RefusalText"):
                found |= {*_codes_in(node.args[0])}
    return found


def compared_in_tests() -> set[ErrorCode]:
    """Codes with which some test compares what it was refused."""
    words = {str(code): code for code in ErrorCode}
    found: set[ErrorCode] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        if path == Path(__file__):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in (one for one in ast.walk(tree) if isinstance(one, ast.Compare)):
            found |= {*_codes_in(node)}
            texts = (one.value for one in ast.walk(node) if isinstance(one, ast.Constant))
            found |= {words[text] for text in texts if isinstance(text, str) and text in words}
    return found


def _rejected() -> Playing:
    case = play().ready_to_offer()
    case.customer("answer", offer_id=case.offered("all"), answer="rejected")
    return case


def _asked_twice() -> Refusal:
    case = play()
    case.owner("ask", question="order_number")
    return case.refused("agent-1", "ask", question="order_number")


def _without_options() -> Refusal:
    case = play()
    case.owner("respond", kind="plan", text="t")
    case.owner("record_interest", party="customer", interest="money", confirmed=True)
    return case.refused("agent-1", "offer", **OFFER)


def _without_interest() -> Refusal:
    case = play()
    case.owner("respond", kind="plan", text="t")
    case.owner("prepare_options", options=OPTIONS)
    return case.refused("agent-1", "offer", **OFFER)


def _outlived() -> Refusal:
    case = _rejected()
    case.owner("offer", **LESS, why_worse="w", expires_at=MONDAY + timedelta(hours=3))
    case.later(hours=3)
    return case.refused("lead-1", "approve", request_id="approval-1", approved=True)


def _alone() -> Refusal:
    case = play(safety=True)
    case.do("manager-1", "reclassify", safety=False, reason="r")
    return case.refused("manager-1", "approve", request_id="approval-1", approved=True)


def _back_again() -> Refusal:
    case = play()
    case.owner("complete_record", text="t", product="p", order_ref="o", remedy_sought="refund")
    case.owner("transfer", to="agent-2", reason="r")
    case.do("agent-2", "accept_transfer")
    return case.refused("agent-2", "transfer", to="agent-1", reason="r")


def _without_substance() -> Refusal:
    case = play()
    data = {"kind": "plan", "text": "ref"}
    order = Order(command_id="c", verb="respond", actor=actor("agent-1"), data=data, attached={"letters": 0})
    reply = case.case.decide(order, case.now)
    assert isinstance(reply, Refusal)
    return reply


REACHED: dict[ErrorCode, Callable[[], Refusal]] = {
    ErrorCode.ASKED_ALREADY: _asked_twice,
    ErrorCode.CONFLICT_OF_INTEREST: lambda: play(about_staff="agent-2").refused(
        "agent-2", "respond", kind="plan", text="t"
    ),
    ErrorCode.MALFORMED: lambda: play().refused("agent-1", "respond", kind="x", text="t"),
    ErrorCode.NEEDS_INTEREST: _without_interest,
    ErrorCode.NEEDS_LISTENING: lambda: (
        play(under=asking(**ANGRY_PACK), hints={"motives": ["venting"]})
        .ready_to_offer()
        .refused("agent-1", "offer", **OFFER)
    ),
    ErrorCode.NEEDS_OPTIONS: _without_options,
    ErrorCode.NEEDS_REASON: lambda: play(hints={"category": "product", "motives": ["refund"]}).refused(
        "agent-1", "prepare_options", options=[{"option_id": n, "remedy": r} for n, r in UNRELATED]
    ),
    ErrorCode.NEEDS_RESPONSE_FIRST: lambda: play().refused("agent-1", "offer", **OFFER),
    ErrorCode.NEEDS_RESTATEMENT: lambda: (
        play(under=asking(**GRAVE)).ready_to_offer().refused("agent-1", "offer", **OFFER)
    ),
    ErrorCode.NEEDS_SECOND_PERSON: _alone,
    ErrorCode.NEEDS_STANDARD: lambda: (
        play().ready_to_offer().refused("agent-1", "offer", **OFFER | {"standards": []})
    ),
    ErrorCode.NEEDS_SUBSTANCE: _without_substance,
    ErrorCode.NOT_ALLOWED_NOW: lambda: play().refused("agent-1", "resume", reason="r"),
    ErrorCode.NOT_OWNER: lambda: play().refused("agent-2", "respond", kind="plan", text="t"),
    ErrorCode.OFFER_NOT_OPEN: lambda: _open().refused("customer", "answer", offer_id="x", answer="accepted"),
    ErrorCode.OVER_AUTHORITY: lambda: _rejected().refused(
        "agent-2", "correct_receipt", received_at=MONDAY, reason="r"
    ),
    ErrorCode.RECORD_INCOMPLETE: lambda: play(
        completeness={"score": 0.5, "missing": ["remedy_sought"]}
    ).refused("agent-1", "prepare_options", options=OPTIONS),
    ErrorCode.STALE_POSITION: lambda: play().refused("agent-1", "respond", kind="plan", text="t", position=3),
    ErrorCode.STILL_OPEN: lambda: _open().refused("agent-1", "refer", to="ombudsman", reason="r"),
    ErrorCode.TOO_LATE: _outlived,
    ErrorCode.UNKNOWN_ACTOR: lambda: _known().refused("agent-1", "transfer", to="agent-99", reason="r"),
    ErrorCode.WORSE_THAN_BEFORE: lambda: _rejected().refused("agent-1", "offer", **LESS),
    ErrorCode.WOULD_PING_PONG: _back_again,
}
"""Way to each code that a case refuses with."""


def _open() -> Playing:
    case = play().ready_to_offer()
    case.offered("some")
    return case


def _known() -> Playing:
    case = play()
    case.owner("complete_record", text="t", product="p", order_ref="o", remedy_sought="refund")
    return case


def test_every_code_of_the_contract_is_raised_by_some_code() -> None:
    paths = [path for root in ("services", "shared") for path in (ROOT / root).rglob("*.py")]
    assert raised([path for path in paths if path.name != "errors.py"]) == set(ErrorCode)


def test_every_code_that_a_case_raises_has_its_way_here() -> None:
    assert set(REACHED) == raised(CASE)


@pytest.mark.parametrize("code", REACHED)
def test_a_case_reaches_each_of_its_codes_with_its_words(code: ErrorCode) -> None:
    refusal = REACHED[code]()
    assert refusal.code == code
    assert refusal.message
    assert refusal.message_zh


def test_every_other_code_is_compared_with_by_some_test() -> None:
    assert set(ErrorCode) - set(REACHED) <= compared_in_tests()
