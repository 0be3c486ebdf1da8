"""Messages of the door over HTTP: paths, headers, the answer to a submission, problems (RFC 9457)."""

from enum import StrEnum

from pydantic import BaseModel, Field

from shared.contract.quarantine import Reason
from shared.contract.values import ComplaintId, Ref
from shared.contract.values.problems import Words

COMPLAINTS_PATH = "/v1/complaints"

CHANNEL = "channel"
"""Name of the query parameter, and of the CloudEvent's extension attribute, for the channel of the
complaint.
"""

PROBLEM_TYPE = "application/problem+json"
BATCH_TYPE = "application/cloudevents-batch+json"

BINARY_PREFIX = "ce-"
"""Prefix of headers in binary mode: each attribute of the CloudEvent is a header, and the body is its
data.
"""

FORM_SOURCE = "amends/door/form"
"""`source` of submissions from the web form; no publisher may use it."""


class Accepted(BaseModel):
    """Answer to a submission that is durable."""

    complaint_id: ComplaintId
    source: Ref
    id: Ref
    not_understood: list[str] = Field(
        default_factory=list,
        description="Wishes that were left out as not understood, such as `customer.timezone`.",
    )
    timeline: str = Field(description="The NATS subject of all facts of this complaint.")


class Reused(BaseModel):
    """Answer of intake to the door alone: the reason why a source may not use this id; empty if it may."""

    detail: str = ""
    detail_zh: str = ""


class Trouble(StrEnum):
    """Reasons for which the door refuses a request, beyond the reasons of a quarantine."""

    UNKNOWN_PUBLISHER = "unknown_publisher"
    FOREIGN_SOURCE = "foreign_source"
    UNSUPPORTED_TYPE = "unsupported_type"
    TOO_SLOW = "too_slow"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    OVERLOADED = "overloaded"
    NOT_FOUND = "not_found"
    NOT_ALLOWED = "not_allowed"
    UNEXPECTED = "unexpected"


Code = Reason | Trouble


class Problem(BaseModel):
    """Refusal: `code` and `field` for programs, a sentence in two languages for people. Never holds the
    value.
    """

    type: str = Field(description="`urn:amends:problem:` and the code.")
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    detail_zh: str
    code: str
    field: str | None = Field(None, description="The failing field, dotted from the top of the CloudEvent.")


INVALID = (422, "The complaint is not valid", "This is not valid: {detail}. Correct it and send it again.")
INVALID_ZH = "内容无效：{detail}。请更正后重发。"

STATUSES: dict[Code, tuple[int, str, str, str]] = {
    Reason.NOT_JSON: (
        400,
        "Not JSON",
        "The body cannot be read: {detail}. Send a CloudEvent as JSON in UTF-8.",
        "无法读取请求内容：{detail}。请发送 UTF-8 编码的 CloudEvents JSON。",
    ),
    Reason.NOT_CLOUDEVENT: (
        400,
        "Not a CloudEvent",
        "This is no CloudEvent: {detail}. Send a CloudEvent 1.0, structured or binary.",
        "不是 CloudEvent：{detail}。请按结构化或二进制方式发送 CloudEvents 1.0 消息。",
    ),
    Reason.TOO_LARGE: (
        413,
        "Too large",
        "A complaint may have at most 256 KiB. Shorten it.",
        "投诉内容不得超过 256 KiB。请缩短后重发。",
    ),
    Reason.UNKNOWN_CHANNEL: (
        422,
        "Unknown channel",
        "The channel is not known: {detail}. Name one of the contract's, or none.",
        "未知的渠道：{detail}。请使用约定中的渠道名称，或不填。",
    ),
    Reason.ID_REUSED: (
        409,
        "Used id",
        "The id has another meaning already: {detail}.",
        "编号已有其他含义：{detail}。",
    ),
    Reason.FUTURE: (
        422,
        "In the future",
        "The instant is not possible: {detail}. Correct it and send it again.",
        "时间不合理：{detail}。请更正后重发。",
    ),
    Trouble.UNKNOWN_PUBLISHER: (
        401,
        "Unknown publisher",
        "There is no token, or one that is not known here. Send `Authorization: Bearer` and your token.",
        "请求没有令牌，或令牌无效。请在 Authorization: Bearer 中提供令牌。",
    ),
    Trouble.FOREIGN_SOURCE: (
        403,
        "Not your source",
        "This token may not speak for that source. Send your own source, or ask the operator.",
        "该令牌无权代表此来源（source）。请使用您自己的来源，或联系管理员。",
    ),
    Trouble.UNSUPPORTED_TYPE: (
        415,
        "Unsupported media type",
        "The body cannot be taken like this: {detail}. Send application/cloudevents+json, or ce- headers and "
        "application/json.",
        "无法接受这样的请求内容：{detail}。请使用 application/cloudevents+json，或 ce- 请求头加 "
        "application/json。",
    ),
    Trouble.TOO_SLOW: (
        408,
        "Too slow",
        "The body did not arrive in time. Send it again.",
        "请求内容未能及时送达。请重新发送。",
    ),
    Trouble.RATE_LIMITED: (
        429,
        "Too many requests",
        "This publisher has sent too much at once. Wait for the time in Retry-After, and send it again.",
        "发送过于频繁。请按 Retry-After 等待后重发。",
    ),
    Trouble.UNAVAILABLE: (
        503,
        "Not durable yet",
        "The complaint could not be stored at the moment. Send the same again; it counts once.",
        "暂时无法保存该投诉。请重发同一内容；只会计一次。",
    ),
    Trouble.OVERLOADED: (
        503,
        "Too busy",
        "Too many requests are in hand. Send the same again; it counts once.",
        "当前处理的请求过多。请重发同一内容；只会计一次。",
    ),
    Trouble.NOT_FOUND: (
        404,
        "Not found",
        "There is nothing here. See /openapi.json.",
        "此处没有内容。请参阅 /openapi.json。",
    ),
    Trouble.NOT_ALLOWED: (
        405,
        "Method not allowed",
        "This cannot be done here. See /openapi.json.",
        "此处不支持该方法。请参阅 /openapi.json。",
    ),
    Trouble.UNEXPECTED: (
        500,
        "Unexpected",
        "Something unexpected happened here. Send the same again; it counts once.",
        "发生意外错误。请重发同一内容；只会计一次。",
    ),
}
"""HTTP status, title and sentence in English and Chinese of each code."""

NO_WORDS = Words("", "")


def problem(code: Code, detail: Words = NO_WORDS, field: str | None = None) -> Problem:
    """Problem in words. `detail` never repeats the request. A reason without words of its own is 422."""
    status, title, english, chinese = STATUSES.get(code, (*INVALID, INVALID_ZH))
    words = Words(english, chinese).filled(detail=detail)
    return Problem(
        type=f"urn:amends:problem:{code}",
        title=title,
        status=status,
        detail=words.en,
        detail_zh=words.zh,
        code=str(code),
        field=field,
    )
