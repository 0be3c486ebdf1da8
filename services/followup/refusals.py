"""Reasons for refusals of this package, in English and Chinese."""

from shared.contract.errors import ErrorCode, RefusalText

CLOSED_AS = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "the complaint is closed ({outcome})",
    "投诉已关闭（{outcome}）",
)

NOT_RESOLVED = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "the complaint is not resolved yet",
    "投诉尚未解决",
)

NO_SUCH_VERB = RefusalText(
    ErrorCode.MALFORMED,
    "the follow-up has no verb {verb!r}",
    "回访没有操作 {verb!r}",
)

FOLLOWUP_ENDED = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "this follow-up has ended",
    "本次回访已结束",
)

HANDLED_IT = RefusalText(
    ErrorCode.CONFLICT_OF_INTEREST,
    "{actor} handled the complaint and must not record the verdict on it",
    "{actor} 经办过该投诉，不得记录对它的评价",
    "actor.id",
)

CALLBACK_NOT_DUE = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "the callback is not due yet; until then only the complainant may give a verdict",
    "回访尚未到期；在此之前只有投诉人可以评价",
)

REOPENED = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "the complaint is reopened and not resolved again yet",
    "投诉已重新开启，尚未再次解决",
)

STAFF_REPORT = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "a callback is reported by the member of staff who called",
    "回访须由致电的员工报告",
    "actor.id",
)

REACHED_ALREADY = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "the complainant was reached; what is awaited is their verdict, or that they refuse one",
    "已联系到投诉人，正等待其评价；仅可报告其拒绝评价",
)

OTHER_ATTEMPT = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "the attempt to report is {attempt}",
    "应报告的是第 {attempt} 次回访",
    "data.attempt",
)

ATTEMPT_NOT_DUE = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "attempt {attempt} is not due before {due}",
    "第 {attempt} 次回访不早于 {due}",
    "data.attempt",
)

AGAIN_TOO_LATE = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "`again_at` may be {days} days ahead at most",
    "again_at 最多可在 {days} 天之后",
    "data.again_at",
)
