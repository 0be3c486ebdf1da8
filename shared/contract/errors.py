"""Closed list of refusals. A refusal is a value that travels, never a crash."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from pydantic import BaseModel, Field

from shared.contract.values.problems import Words
from shared.contract.wording import WordingFinding


class ErrorCode(StrEnum):
    """Code of a refusal of a command or query; programs may rely on these words."""

    MALFORMED = "malformed"
    UNKNOWN_COMPLAINT = "unknown_complaint"
    UNKNOWN_ACTOR = "unknown_actor"
    NOT_OWNER = "not_owner"
    NOT_ALLOWED_NOW = "not_allowed_now"
    NEEDS_RESPONSE_FIRST = "needs_response_first"
    NEEDS_LISTENING = "needs_listening"
    NEEDS_RESTATEMENT = "needs_restatement"
    NEEDS_INTEREST = "needs_interest"
    NEEDS_SUBSTANCE = "needs_substance"
    NEEDS_OPTIONS = "needs_options"
    NEEDS_REASON = "needs_reason"
    NEEDS_STANDARD = "needs_standard"
    OVER_AUTHORITY = "over_authority"
    WORSE_THAN_BEFORE = "worse_than_before"
    OFFER_NOT_OPEN = "offer_not_open"
    RECORD_INCOMPLETE = "record_incomplete"
    WOULD_PING_PONG = "would_ping_pong"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    WORDING = "wording"
    STALE_POSITION = "stale_position"
    TOO_LATE = "too_late"
    NEEDS_SECOND_PERSON = "needs_second_person"
    CLIENT_NOT_ALLOWED = "client_not_allowed"
    RATE_LIMITED = "rate_limited"
    STILL_OPEN = "still_open"
    ASKED_ALREADY = "asked_already"
    ERASED = "erased"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"


MESSAGES: dict[ErrorCode, Words] = {
    ErrorCode.MALFORMED: Words(
        "The request is not valid: {detail}. Correct it and send it again.",
        "请求无效：{detail}。请更正后重发。",
    ),
    ErrorCode.UNKNOWN_COMPLAINT: Words(
        "No complaint has this id. Check the id, or wait until its `received` fact was published.",
        "没有这个编号的投诉。请核对编号，或等待其 received 事件发布。",
    ),
    ErrorCode.UNKNOWN_ACTOR: Words(
        "This actor is not in the roster. Use a staff id of the policy pack, or `customer`.",
        "名册中没有此操作人。请使用策略包中的员工编号，或 customer。",
    ),
    ErrorCode.NOT_OWNER: Words(
        "Only the accountable owner ({owner}) may do this. Ask them, or have the complaint transferred.",
        "只有责任人（{owner}）可以这样做。请联系责任人，或先转派投诉。",
    ),
    ErrorCode.NOT_ALLOWED_NOW: Words(
        "This is not possible now: {detail}. See `allowed` for what is.",
        "当前不能这样做：{detail}。可行的操作见 allowed。",
    ),
    ErrorCode.NEEDS_RESPONSE_FIRST: Words(
        "The complainant has not had a substantive response yet. Send `respond` first.",
        "尚未向投诉人作出实质性答复。请先执行 respond。",
    ),
    ErrorCode.NEEDS_LISTENING: Words(
        "The complainant has to be listened to before an offer: {detail}. Send `listen`.",
        "提出方案前须先倾听投诉人：{detail}。请先执行 listen。",
    ),
    ErrorCode.NEEDS_RESTATEMENT: Words(
        "The problem has to be restated before an offer: {detail}. Send `restate`, or wait for the answer.",
        "提出方案前须先复述问题：{detail}。请执行 restate，或等待答复。",
    ),
    ErrorCode.NEEDS_SUBSTANCE: Words(
        "The text has no substance: {detail}. Write what was found, what is done, or by when.",
        "文本缺乏实质内容：{detail}。请写明查明的情况、处理措施或时间。",
    ),
    ErrorCode.NEEDS_INTEREST: Words(
        "No confirmed interest of the complainant is recorded. Send `record_interest` first.",
        "尚未记录经确认的客户利益诉求。请先执行 record_interest。",
    ),
    ErrorCode.NEEDS_OPTIONS: Words(
        "At least two alternatives must be prepared. Send `prepare_options` with two or more.",
        "至少须准备两个备选方案。请先用 prepare_options 提交两个以上方案。",
    ),
    ErrorCode.NEEDS_REASON: Words(
        "This needs a reason: {detail}.",
        "须说明理由：{detail}。",
    ),
    ErrorCode.NEEDS_STANDARD: Words(
        "An offer, a refusal or a decision must cite a standard of the policy pack: {detail}.",
        "方案、拒绝或决定必须引用策略包中的标准：{detail}。",
    ),
    ErrorCode.OVER_AUTHORITY: Words(
        "This is above the actor's authority: {detail}. Ask a person with a higher limit.",
        "超出操作人的权限：{detail}。请由权限更高的人处理。",
    ),
    ErrorCode.WORSE_THAN_BEFORE: Words(
        "A later offer must not be worse for the complainant than an earlier one ({detail}).",
        "后提出的方案不得比先前的方案对客户更不利（{detail}）。",
    ),
    ErrorCode.OFFER_NOT_OPEN: Words(
        "This offer cannot be answered: {detail}. Answer the open offer, or ask for a new offer.",
        "该方案不能答复：{detail}。请答复当前有效的方案，或请求新方案。",
    ),
    ErrorCode.RECORD_INCOMPLETE: Words(
        "The record is incomplete: {detail}. Complete it first.",
        "记录不完整：{detail}。请先补全。",
    ),
    ErrorCode.WOULD_PING_PONG: Words(
        "This would pass the complaint back to a former owner. Only a lead may do that.",
        "这会把投诉转回给先前的经办人（车轮战）。只有主管可以这样做。",
    ),
    ErrorCode.CONFLICT_OF_INTEREST: Words(
        "The person or unit concerned must not handle this: {detail}. Name another person.",
        "当事人或当事部门须回避：{detail}。请指定他人。",
    ),
    ErrorCode.WORDING: Words(
        "The wording is not acceptable: {detail}. Rephrase it.",
        "措辞不当：{detail}。请改写。",
    ),
    ErrorCode.STALE_POSITION: Words(
        "The position has been revised since: {detail}. Read it again and send anew.",
        "立场已更新：{detail}。请重新阅读后再发送。",
    ),
    ErrorCode.TOO_LATE: Words(
        "The instant for this has passed: {detail}. It cannot be done any more.",
        "时限已过：{detail}。不能再执行。",
    ),
    ErrorCode.NEEDS_SECOND_PERSON: Words(
        "One person alone may not do this. A second person has to confirm it.",
        "一人不能单独执行此操作。须由另一人确认。",
    ),
    ErrorCode.CLIENT_NOT_ALLOWED: Words(
        "This client may not do this: {detail}. Ask the operator to register it for that.",
        "该客户端无权这样做：{detail}。请联系管理员登记相应权限。",
    ),
    ErrorCode.RATE_LIMITED: Words(
        "This client sends too much: {detail}. Wait a minute and send the same again; it counts once.",
        "该客户端发送过于频繁：{detail}。请稍候一分钟后重发同一请求；只会生效一次。",
    ),
    ErrorCode.STILL_OPEN: Words(
        "The complaint cannot end while something is open: {detail}. Finish it, or have the customer or "
        "a second person `release` it.",
        "尚有未了事项，投诉不能结束：{detail}。请先完成，或由客户或另一人通过 release 免除。",
    ),
    ErrorCode.ASKED_ALREADY: Words(
        "The complainant was asked or has answered this already: {detail}. Read that, and do not ask again.",
        "该问题已询问过投诉人，或投诉人已经说明：{detail}。请直接查阅，不要重复询问。",
    ),
    ErrorCode.ERASED: Words(
        "The texts of this complaint were erased for good on {detail}. They cannot be restored.",
        "该投诉的文本已于 {detail} 永久删除，无法恢复。",
    ),
    ErrorCode.UNAVAILABLE: Words(
        "A part of Amends cannot be reached at the moment. Send the same command again; it counts once.",
        "系统的某一部分暂时无法连接。请重发同一命令；只会生效一次。",
    ),
    ErrorCode.INTERNAL: Words(
        "A rule of Amends failed on this command, so nothing was changed. The operator finds it among the "
        "dead letters. When it is repaired, send the command with a new `command_id`.",
        "系统规则在处理该命令时出错，未作任何更改。管理员可在死信中查到。修复后，请用新的 command_id 重发。",
    ),
}
"""Sentence of each code, with a place for a `{detail}` if the sentence needs one."""


class Refusal(BaseModel):
    """Refusal of a request: a code for programs, and sentences in two languages for people.

    `remembered` is true if an earlier sending of the same command got this refusal, which is now repeated.
    """

    code: ErrorCode
    message: str
    message_zh: str
    field: str | None = None
    allowed: list[str] = Field(default_factory=list)
    remembered: bool | None = None
    findings: list[WordingFinding] | None = None
    """Faults of the text, with their words and a better wording; only with the code `wording`."""


def _written(value: object) -> object:
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value


@dataclass(frozen=True, slots=True)
class RefusalText:
    """Entry of a catalogue (the modules named `refusals`): the reason of a refusal.

    `en` and `zh` have the same meaning and the same `{placeholders}`; `{field}` is always known. They fill
    the `{detail}` of the sentence of the code. If `whole` is true, they replace that sentence.
    """

    code: ErrorCode
    en: str
    zh: str
    field: str | None = None
    whole: bool = False


def refuse(
    why: ErrorCode | RefusalText,
    *,
    field: str | None = None,
    allowed: list[str] | None = None,
    **values: object,
) -> Refusal:
    """Make a refusal of a code, or of an entry of a catalogue; `values` fill the placeholders.

    A value that differs between the languages is given as `Words`; an instant is written in UTC, as in RFC
    3339.
    """
    values = {name: _written(value) for name, value in values.items()}
    if isinstance(why, ErrorCode):
        code, words = why, MESSAGES[why].filled(**values)
    else:
        code, field = why.code, field or why.field
        words = Words(why.en, why.zh).filled(field=field, **values)
        words = words if why.whole else MESSAGES[code].filled(detail=words)
    return Refusal(code=code, message=words.en, message_zh=words.zh, field=field, allowed=allowed or [])


REMEMBERED = Words(
    "{words} This is the first reply to this `command_id`, repeated; to ask anew, send a new id.",
    "{words}此为该 command_id 的首次回复，系重复返回；如需重新请求，请使用新的编号。",
)


def repeated(refusal: Refusal) -> Refusal:
    """Earlier refusal, marked as a repetition."""
    if refusal.remembered:
        return refusal
    words = REMEMBERED.filled(words=Words(refusal.message, refusal.message_zh))
    return refusal.model_copy(update={"message": words.en, "message_zh": words.zh, "remembered": True})
