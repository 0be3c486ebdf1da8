"""Faults of a value, each in one sentence of each of two languages, never with the value itself.

Pydantic's own words are for programmers, and may repeat the content of a message. These words are for
people.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import PydanticCustomError


class Words(NamedTuple):
    """Sentence, or a part of one, in English and in Chinese, which may have `{placeholders}`."""

    en: str
    zh: str

    def filled(self, **values: object) -> "Words":
        """Fill the placeholders; a value that is `Words` itself gives each language its own part."""
        english = {name: value.en if isinstance(value, Words) else value for name, value in values.items()}
        chinese = {name: value.zh if isinstance(value, Words) else value for name, value in values.items()}
        return Words(self.en.format(**english), self.zh.format(**chinese))

    @classmethod
    def listed(cls, items: Iterable["Words | str"]) -> "Words":
        """Enumerate the items in both languages."""
        both = [item if isinstance(item, Words) else cls(item, item) for item in items]
        return cls(", ".join(item.en for item in both), "、".join(item.zh for item in both))


OWN: dict[str, Words] = {
    "control_character": Words("must hold no control characters", "不得含有控制字符"),
    "direction_trick": Words(
        "must not turn the direction of writing around (U+202A to U+202E, U+2066 to U+2069)",
        "不得含有改变书写方向的控制符（U+202A 至 U+202E、U+2066 至 U+2069）",
    ),
    "invisible_character": Words("must hold no invisible characters", "不得含有不可见字符"),
    "emoji": Words("must hold no emoji: it identifies something", "标识符不得含有表情符号"),
    "line_break": Words("must be one line", "必须是单行文本"),
    "says_nothing": Words("must not be empty", "不能为空白"),
    "no_words": Words("needs a narrative or a title", "必须有 narrative 或 title"),
    "no_instant": Words(
        "must be an instant that exists, in RFC 3339 with its offset, such as 2026-01-31T09:20:00+08:00",
        "必须是真实存在的时刻，按 RFC 3339 书写并带时区偏移，例如 2026-01-31T09:20:00+08:00",
    ),
    "no_slot": Words(
        "begins like a date, so it must be an instant that exists, in RFC 3339 with its offset, such as "
        "2026-12-05T15:00:00+08:00; other words for a time are taken as they are",
        "以日期开头，必须是真实存在的时刻，按 RFC 3339 书写并带时区偏移，例如 2026-12-05T15:00:00+08:00；"
        "其他时间描述按原文记录",
    ),
    "no_such_offset": Words(
        "must have an offset that is in use on Earth, from -12:00 to +14:00",
        "时区偏移必须在 -12:00 至 +14:00 之间",
    ),
    "implausible_year": Words("must lie between 2000 and 2200", "必须在 2000 年至 2200 年之间"),
    "no_time_zone": Words(
        "must be an IANA time zone such as Asia/Shanghai, or an offset such as UTC+8",
        "必须是 IANA 时区（例如 Asia/Shanghai）或时差（例如 UTC+8）",
    ),
    "no_hours": Words(
        "must be hours such as 09:00-18:00, 22:00-02:00 or 09:00-12:00,14:00-18:00",
        "必须是时间段，例如 09:00-18:00、22:00-02:00 或 09:00-12:00,14:00-18:00",
    ),
    "no_language": Words(
        "must be a language of ISO 639 in a tag such as zh, en or zh-Hant-TW",
        "必须是 ISO 639 语言的标签，例如 zh、en 或 zh-Hant-TW",
    ),
    "too_many_decimals": Words(
        "must not have more decimal places than its currency has, such as 2 for CNY, 0 for JPY and 3 for KWD",
        "小数位数不得超过该货币的位数，例如 CNY 为 2 位、JPY 为 0 位、KWD 为 3 位",
    ),
    "no_whole_number": Words(
        "must be a whole number, not a text that looks like one", "必须是整数，不能是形似数字的文本"
    ),
    "no_uri": Words(
        "must be an absolute URI such as https://example.com/photo or urn:isbn:0451450523",
        "必须是绝对 URI，例如 https://example.com/photo 或 urn:isbn:0451450523",
    ),
    "unsafe_uri": Words(
        "must be a URI that only points to something: it may carry no content, no script, no local file "
        "and no password",
        "URI 只能指向资源：不得携带内容、脚本、本地文件或密码",
    ),
}
"""Words of Amends' own checks, by the name under which a check raises its fault."""

PYDANTIC: dict[str, Words] = {
    "missing": Words("is missing", "缺失"),
    "string_type": Words("must be a text", "必须是文本"),
    "string_unicode": Words("must be a text of whole characters", "必须由完整的字符组成"),
    "string_too_short": Words("must not be empty", "不能为空"),
    "string_too_long": Words("must have at most {max_length} characters", "最多 {max_length} 个字符"),
    "string_pattern_mismatch": Words("is not written as the contract demands", "不符合约定的格式"),
    "enum": Words("must be {expected}", "必须是 {expected}"),
    "literal_error": Words("must be {expected}", "必须是 {expected}"),
    "bool_type": Words("must be true or false", "必须是 true 或 false"),
    "bool_parsing": Words("must be true or false", "必须是 true 或 false"),
    "greater_than_equal": Words("must be at least {ge}", "不得小于 {ge}"),
    "less_than_equal": Words("must be at most {le}", "不得大于 {le}"),
    "list_type": Words("must be a list", "必须是列表"),
    "too_long": Words("must have at most {max_length} entries", "最多 {max_length} 项"),
    "too_short": Words("must have at least {min_length} entries", "至少 {min_length} 项"),
    "dict_type": Words("must be an object", "必须是对象"),
    "model_type": Words("must be an object", "必须是对象"),
    "model_attributes_type": Words("must be an object", "必须是对象"),
    "timezone_aware": OWN["no_instant"],
    "InvalidCurrency": Words(
        "must be an ISO 4217 currency code such as CNY", "必须是 ISO 4217 货币代码，例如 CNY"
    ),
}
EMPTY = Words("must not be empty", "不能为空")
ONE = Words("must have at most one entry", "最多 1 项")
LONGER = Words("must have at least {min_length} characters", "至少 {min_length} 个字符")
NUMBER = Words("must be a number", "必须是数字")
WHOLE_NUMBER = Words("must be a whole number", "必须是整数")
OTHERWISE = Words("does not follow the contract", "不符合约定")

PATTERNS: dict[str, Words] = {}
"""Words that explain a pattern better than that the value does not match; the definition of a pattern adds
them.
"""

SAFE_CONTEXT = ("min_length", "max_length", "ge", "le", "expected")
"""Parts of Pydantic's context of a problem that come from the contract and not from the message."""


def problem(name: str) -> PydanticCustomError:
    """Error for a validator to raise; `name` is a key of `OWN`."""
    return PydanticCustomError(name, "{words}", {"words": OWN[name].en})


def with_words(pattern: str, en: str, zh: str) -> str:
    """Register words that explain this pattern, and return the pattern."""
    PATTERNS[pattern] = Words(en, zh)
    return pattern


def explained(found: Mapping[str, Any]) -> Words:
    """Words for one entry of `ValidationError.errors()`."""
    name, context = found["type"], found.get("ctx", {})
    safe = {key: context[key] for key in SAFE_CONTEXT if key in context}
    if name == "value_error":
        return Words(found["msg"].removeprefix("Value error, "), OTHERWISE.zh)
    if name == "string_pattern_mismatch" and (words := PATTERNS.get(context.get("pattern", ""))):
        return words
    if name == "string_too_short" and safe.get("min_length", 1) > 1:
        return LONGER.filled(**safe)
    if name == "too_short" and safe.get("min_length") == 1:
        return EMPTY
    if name == "too_long" and safe.get("max_length") == 1:
        return ONE
    words = OWN.get(name) or PYDANTIC.get(name) or _of_a_kind(name)
    listed = {name: re.sub("(?<='), (?=')", "、", str(value)) for name, value in safe.items()}
    chinese = {name: value.replace("' or '", "' 或 '") for name, value in listed.items()}
    return Words(words.en.format(**safe), words.zh.format(**chinese))


def _of_a_kind(name: str) -> Words:
    """Problems that Pydantic has many names for."""
    kind = name.partition("_")[0]
    return {"datetime": OWN["no_instant"], "int": WHOLE_NUMBER, "float": NUMBER}.get(kind, OTHERWISE)


def first_problem(error: ValidationError) -> tuple[str, str, Words]:
    """Place of the first problem, dotted; its name from Pydantic or Amends; and its words."""
    found = error.errors(include_input=False, include_url=False)[0]
    return ".".join(str(part) for part in found["loc"]), found["type"], explained(found)
