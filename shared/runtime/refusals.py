"""Reasons for refusals of this package, in English and Chinese."""

from shared.contract.errors import ErrorCode, RefusalText
from shared.contract.values.problems import Words

ANSWER_TOO_LARGE = RefusalText(
    ErrorCode.MALFORMED,
    "the answer has {size} bytes, and a message may have {most}; ask for less at once",
    "应答有 {size} 字节，而消息最多 {most} 字节；请减少每次查询的内容",
    "limit",
)

UNKNOWN_QUERY = RefusalText(
    ErrorCode.MALFORMED,
    "there is no query {name!r}; known queries: {known}",
    "没有名为 {name!r} 的查询；可用的查询：{known}",
)

UNKNOWN_VERB = RefusalText(
    ErrorCode.MALFORMED,
    "there is no verb {verb!r}; known verbs: {known}",
    "没有操作 {verb!r}；可用操作：{known}",
)

COMMAND_TOO_LARGE = RefusalText(
    ErrorCode.MALFORMED,
    "it is larger than {most} bytes",
    "消息超过 {most} 字节",
)

TOO_COMPLEX = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: reading it takes too long; send a plainer or shorter text",
    "{field}：处理耗时过长；请发送更简单或更短的文本",
)

OTHER_KINDS_OF_TEXT = RefusalText(
    ErrorCode.OVER_AUTHORITY,
    "{actor} reads texts of these kinds: {kinds}",
    "{actor} 只能读取以下种类的文本：{kinds}",
    "text_ref",
)

ONLY_PRIVACY_READS_LOG = RefusalText(
    ErrorCode.OVER_AUTHORITY,
    "the privacy role reads the log of reads",
    "只有隐私专员可以查看读取记录",
    "actor.id",
)

CLOSED_AS = Words(" ({outcome})", "（{outcome}）")

CLOSED = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "the complaint is closed{how}; nothing is added to it; submit this as a new complaint, under an id of "
    "its own, and quote {name} in it",
    "投诉已关闭{how}；不再接收新内容；请使用新的编号将此内容作为新投诉提交，并注明 {name}",
)

DANGER = Words(
    "it reports a danger: call the customer now, and submit it at once as a new complaint",
    "其中提到危险：请立即致电客户，并马上作为新投诉提交",
)

AND_DANGER = Words("{what}; {danger}", "{what}；{danger}")

FOREIGN_SOURCE = Words(
    "source: the client {name} is not registered for it; ask the operator to register it",
    "source：客户端 {name} 未登记此来源；请联系管理员登记",
)

SUBMITS_TOO_MUCH = Words(
    "the client {name} has submitted more than {limit} within a minute; send it again later, or have it "
    "replayed from the quarantine",
    "客户端 {name} 一分钟内提交超过 {limit} 条；请稍后重新发送，或请管理员从隔离区重放",
)

NO_COMMANDS = RefusalText(
    ErrorCode.CLIENT_NOT_ALLOWED,
    "{name} is not registered to send commands",
    "{name} 未登记发送命令",
)

NO_QUERY = RefusalText(
    ErrorCode.CLIENT_NOT_ALLOWED,
    "{name} is not registered to ask the query {query}",
    "{name} 未登记使用查询 {query}",
)

NOT_THIS_ACTOR = RefusalText(
    ErrorCode.CLIENT_NOT_ALLOWED,
    "{name} is not registered to name the actor {actor}",
    "{name} 未登记以操作人 {actor} 的身份操作",
    "actor.id",
)

NOT_THIS_TEXT = RefusalText(
    ErrorCode.CLIENT_NOT_ALLOWED,
    "{name} is not registered to read texts of the kind {kind}",
    "{name} 未登记读取 {kind} 类文本",
    "text_ref",
)

TOO_MANY_REQUESTS = RefusalText(
    ErrorCode.RATE_LIMITED,
    "the limit is {limit} requests a minute",
    "每分钟上限为 {limit} 次请求",
)

NUMBER_IN_CODE = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: is a person's number, and could never be erased; send a code of your own",
    "{field}：是个人号码，之后无法删除；请改用您自己的代码",
)

NO_SUCH_SERVICE = RefusalText(
    ErrorCode.MALFORMED,
    "a text_ref begins with the name of a service: {services}",
    "text_ref 以服务名开头：{services}",
    "text_ref",
)

NO_SUCH_TEXT = RefusalText(
    ErrorCode.MALFORMED,
    "there is no text under this reference, or it was erased",
    "此引用下没有文本，或已被删除",
    "text_ref",
)

UNREADABLE_TEXT = RefusalText(
    ErrorCode.MALFORMED,
    "this text cannot be decrypted with the keys at hand",
    "该文本无法用现有密钥解密",
    "text_ref",
)

OTHER_PURPOSE = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: this actor reads for the purpose {purpose} only",
    "{field}：此操作人只能以 {purpose} 为目的读取",
    "purpose",
)

NO_READER = RefusalText(
    ErrorCode.UNKNOWN_ACTOR,
    "This actor may read no texts. Use a staff id of the policy pack, `gateway` for a notice, or `customer` "
    "for the complainant's own words.",
    "此操作人无权读取文本。请使用策略包中的员工编号；读取通知可用 gateway，客户本人的内容可用 customer。",
    "actor.id",
    whole=True,
)

JOINED = RefusalText(
    ErrorCode.UNKNOWN_COMPLAINT,
    "This id joined the complaint {into}, and is no complaint of its own. Ask for {into}.",
    "该编号已并入投诉 {into}，不是单独的投诉。请查询该投诉。",
    "complaint_id",
    whole=True,
)

IS_A_GRUMBLE = RefusalText(
    ErrorCode.UNKNOWN_COMPLAINT,
    "This is a grumble, not a complaint: it takes `add_contact`, `answer_grumble` and `promote`. "
    "The query `grumble` has its status.",
    "这是抱怨，尚不是投诉：可用的操作为 add_contact、answer_grumble、promote。其状态请用 grumble 查询。",
    "complaint_id",
    whole=True,
)

NOT_OPEN_YET = RefusalText(
    ErrorCode.UNAVAILABLE,
    "This complaint was received, and its case is not open yet. Ask again, or send the same command again; "
    "it counts once.",
    "该投诉已收到，尚未立案。请稍后再次查询，或重发同一命令；只会生效一次。",
    "complaint_id",
    whole=True,
)

WORDING = RefusalText(
    ErrorCode.WORDING,
    "{kinds}; `findings` has the words and a better wording of each",
    "{kinds}；findings 中有每处的原文与改写建议",
    "data.text",
)
