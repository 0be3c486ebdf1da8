"""Settings, read once from the environment at the top of a service; nonsense ends it with status 2."""

import os
import sys
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings

from shared.named_file import read_named
from shared.runtime.connections.wrong import PREFIX, Unfit, WrongSetting

Loaded = TypeVar("Loaded", bound=BaseSettings)


def load(settings: type[Loaded]) -> Loaded:
    """Load the settings, or end the process: one sentence per wrong variable on stderr, exit status 2."""
    try:
        return settings()
    except ValidationError as error:
        for sentence in sentences(error, settings):
            print(sentence, file=sys.stderr)
        sys.exit(2)


def sentences(error: ValidationError, settings: type[BaseSettings]) -> list[str]:
    """Problems of the environment, a line per variable, in English and Chinese."""
    return [_sentence(problem, settings) for problem in error.errors()]


def _sentence(problem: ErrorDetails, settings: type[BaseSettings]) -> str:
    wrong = problem.get("ctx", {}).get("error")
    if isinstance(wrong, WrongSetting):
        return str(wrong)
    name = str(problem["loc"][0])
    field = settings.model_fields.get(name)
    expected = field.description if field and field.description else "another value"
    extra = field.json_schema_extra if field else None
    zh = extra.get("zh", "其他值") if isinstance(extra, dict) else "其他值"
    got, got_zh = _what_is_wrong(problem)
    variable = name if name.startswith(PREFIX) else PREFIX + name.upper()
    return f"{variable} {got}: it expects {expected}. {variable} {got_zh}：应为{zh}。"


def _what_is_wrong(problem: ErrorDetails) -> tuple[str, str]:
    """Problem of a value. pydantic has English only: a kind without Chinese here gives no reason."""
    wrong, more = problem.get("ctx", {}).get("error"), problem.get("ctx", {})
    if isinstance(wrong, Unfit):
        return f"is not valid ({wrong.why})", f"无效（{wrong.why_zh}）"
    match problem["type"]:
        case "missing":
            return "is not set", "未设置"
        case "int_parsing" | "int_type" | "int_from_float" | "int_parsing_size":
            return "is not valid (it is no whole number)", "无效（不是整数）"
        case "float_parsing" | "float_type" | "finite_number":
            return "is not valid (it is no number)", "无效（不是数字）"
        case "bool_parsing" | "bool_type":
            return "is not valid (it is neither true nor false)", "无效（既不是 true 也不是 false）"
        case "greater_than_equal":
            return f"is not valid (the least is {more['ge']})", f"无效（不得小于 {more['ge']}）"
        case "greater_than":
            return f"is not valid (it must be more than {more['gt']})", f"无效（须大于 {more['gt']}）"
        case "less_than_equal":
            return f"is not valid (the most is {more['le']})", f"无效（不得大于 {more['le']}）"
        case "literal_error":
            return (
                f"is not valid (allowed are {more['expected']})",
                f"无效（可用：{_listed(more['expected'])}）",
            )
        case _:
            return "is not valid", "无效"


def _listed(expected: str) -> str:
    return expected.replace(" or ", "、").replace(", ", "、")


def read_secret(path: Path) -> bytes:
    """Content of a small secret file, without the newline at its end. Raises `Unreadable`."""
    return read_named(path).strip()


def replace_secret(path: Path, content: bytes) -> None:
    """Write a small secret file whole or not at all, readable by its owner alone from the first byte on."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
