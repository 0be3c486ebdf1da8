"""Catalogue of the refusals of this package, in English and Chinese."""

from shared.contract.errors import ErrorCode, RefusalText
from shared.contract.values.problems import Words

CONTACT_IN_FUTURE = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: lies in the future",
    "{field}：晚于当前时间",
    "data.at",
)

ONLY_PRIVACY_ERASES = RefusalText(
    ErrorCode.OVER_AUTHORITY,
    "only a privacy officer erases",
    "只有隐私专员可以删除",
    "actor.id",
)

STAFF_ANSWER = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "a grumble is answered by a member of staff",
    "抱怨须由员工答复",
    "actor.id",
)

ANSWERED_ALREADY = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "the grumble was answered already",
    "该抱怨已答复",
)

NEVER_A_GRUMBLE = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "this never was a grumble, it is a complaint",
    "这从来不是抱怨，而是投诉",
    "complaint_id",
)

STAFF_DECIDE_DUPLICATES = RefusalText(
    ErrorCode.OVER_AUTHORITY,
    "staff decide what is a duplicate",
    "是否重复须由员工判断",
    "actor.id",
)

SAME_CUSTOMER = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: is the customer of this complaint",
    "{field}：即本投诉的客户",
    "data.ref",
)

UNKNOWN_CUSTOMER = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: no complaint of this reference is known in this register",
    "{field}：该登记范围内没有此客户编号的投诉",
    "data.ref",
)

LEADS_LINK = RefusalText(
    ErrorCode.OVER_AUTHORITY,
    "a lead or a manager links customers",
    "客户关联须由主管或经理操作",
    "actor.id",
)

MERGED_BEFORE = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "it was merged into {into} before",
    "该投诉已并入 {into}",
    "complaint_id",
)

MERGED_IN_CIRCLE = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "{of} was merged into this complaint, and a circle has no survivor",
    "{of} 已并入此投诉，互相并入则无一保留",
    "data.of",
)

DIFFERENT_CUSTOMERS = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "the two are of different customers, and they are never one complaint",
    "两件投诉属于不同客户，不能合并",
    "data.of",
)

IS_A_GRUMBLE = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "it is a grumble",
    "这是一条抱怨，不是投诉",
    "complaint_id",
)

COMPLAINT_CLOSED = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "{complaint} is closed",
    "{complaint} 已关闭",
)

CURSOR_NOT_FROM_PAGE = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: must come from the page before",
    "{field}：必须取自上一页",
    "cursor",
)

GRUMBLE_OVER = {
    "promoted": RefusalText(
        ErrorCode.NOT_ALLOWED_NOW,
        "the grumble has become the complaint {into}",
        "该抱怨已转为投诉 {into}",
    ),
    "joined": RefusalText(
        ErrorCode.NOT_ALLOWED_NOW,
        "the grumble has joined the complaint {into}",
        "该抱怨已并入投诉 {into}",
    ),
    "erased": RefusalText(
        ErrorCode.NOT_ALLOWED_NOW,
        "the texts of this grumble were erased, and it rests",
        "该抱怨的文本已删除，不再处理",
    ),
}
"""Refusals by the status of a grumble that has ended."""

CLOSED = RefusalText(ErrorCode.NOT_ALLOWED_NOW, "the complaint is closed", "投诉已关闭")

LINKED_ALREADY = RefusalText(ErrorCode.NOT_ALLOWED_NOW, "they are linked already", "两者已关联", "data.ref")

NOT_LINKED = RefusalText(ErrorCode.NOT_ALLOWED_NOW, "they are not linked", "两者未关联", "data.ref")

DUPLICATE_OF_ITSELF = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "a complaint is no duplicate of itself",
    "投诉不能与自身重复",
    "data.of",
)

ID_OF_OTHERS = Words(
    "id: this source used it for a message of another customer; send this one under an id of its own",
    "id：该来源已将此编号用于另一客户的消息；请为本消息使用新的编号",
)

ID_OF_ENDED = Words(
    "id: this source used it for a complaint that is over; send this one under an id of its own",
    "id：该来源已将此编号用于已结束的投诉；请为本消息使用新的编号",
)

AUTOMATIC = Words(
    "data.automatic: a machine wrote it, and it belongs to no open complaint of its customer",
    "data.automatic：该消息由程序自动生成，且不属于该客户的任何未结投诉",
)

TOO_MANY = Words(
    "source: this source has sent more than {limit} within a minute; send it again after {when}, or have it "
    "replayed from the quarantine",
    "source：该来源一分钟内提交超过 {limit} 条；请在 {when} 之后重新发送，或请管理员从隔离区重放",
)

TOO_COMPLEX = Words(
    "data: reading its texts takes too long; send plainer or shorter texts",
    "data：处理其中的文本耗时过长；请发送更简单或更短的文本",
)
