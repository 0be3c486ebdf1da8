"""Every refusal in the code says in Chinese, too, what it says in English: mypy wants both of `refuse`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.contract.errors import MESSAGES, ErrorCode, refuse

ROOT = Path(__file__).parents[2]
CHINESE = re.compile("[\u4e00-\u9fff\uff00-\uffef]")
"""Letters, or the signs that only Chinese sentences have."""


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    """Every call of `name` in services and shared, and where it is."""
    for path in sorted([*ROOT.glob("services/**/*.py"), *ROOT.glob("shared/**/*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == name:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def given(call: ast.Call) -> dict[str | None, ast.expr]:
    return {keyword.arg: keyword.value for keyword in call.keywords}


def literal(node: ast.expr) -> str | None:
    """What stands in a string or f-string; None for what is put together elsewhere."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    return str(node.value) if isinstance(node, ast.Constant) else None


REFUSALS = [(place, call) for place, call in calls("refuse")]


def test_there_are_as_many_refusals_as_there_were() -> None:
    assert len(REFUSALS) > 100, "a renamed `refuse` must not empty the tests below"


@pytest.mark.parametrize(
    ("place", "call"), REFUSALS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_refusal_has_a_detail_in_both_languages_where_its_sentence_has_a_place_for_one(
    place: str, call: ast.Call
) -> None:
    code = ErrorCode[ast.unparse(call.args[0]).removeprefix("ErrorCode.")]
    wanted = "{detail}" in MESSAGES[code][0]
    said = given(call)
    assert [name in said for name in ("detail", "detail_zh")] == [wanted, wanted]
    if not wanted or ast.unparse(said["detail"]) == ast.unparse(said["detail_zh"]):
        return  # a date is the same in both
    chinese, english = literal(said["detail_zh"]), literal(said["detail"])
    assert chinese is None or CHINESE.search(chinese), chinese
    assert english is None or not CHINESE.search(english), english


def test_words_in_two_languages_are_in_those_two() -> None:
    for place, call in calls("Words"):
        english, chinese = [literal(one) for one in call.args]
        assert chinese is None or CHINESE.search(chinese), place
        assert english is None or not CHINESE.search(english), place


@pytest.mark.parametrize("code", MESSAGES)
def test_both_sentences_of_a_code_hold_its_detail_or_neither(code: ErrorCode) -> None:
    refusal = refuse(code, detail="english", detail_zh="中文")
    assert (
        ("english" in refusal.message) == ("中文" in refusal.message_zh) == ("{detail}" in MESSAGES[code][1])
    )
    assert "english" not in refusal.message_zh
    assert CHINESE.search(refusal.message_zh)
    assert "{" not in refusal.message + refusal.message_zh
