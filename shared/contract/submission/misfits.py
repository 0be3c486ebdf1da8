"""Catalogue of the reasons for which submissions are quarantined, in English and Chinese."""

from shared.contract.values.problems import Words

NAMED = Words("{field}: {problem}", "{field}：{problem}")
"""Problem of one field."""

NO_OBJECT = Words("it is not a JSON object", "不是 JSON 对象")
TOO_DEEP = Words("it is nested deeper than {most} levels", "嵌套超过 {most} 层")
NOT_UTF8 = Words("it is not UTF-8", "不是 UTF-8 编码")
MARKED = Words(
    "it begins with a byte order mark; send plain UTF-8",
    "以字节顺序标记（BOM）开头；请发送不带标记的 UTF-8",
)
HALF = Words(
    "a text in it holds half a character (a lone surrogate)",
    "其中的文本含有半个字符（孤立的代理项）",
)
TOO_GREAT = Words("a number in it is too great", "其中有过大的数字")
NOT_JSON = Words("it is not JSON", "不是 JSON")
TWICE = Words("{path} is given twice", "{path}重复出现")
HELD_TWICE = Words("{path} holds a field twice", "{path}含有重复的字段")
THE_MESSAGE = Words("the message", "消息")

TOO_LARGE = Words("it has {size} bytes; at most {most} are taken", "消息有 {size} 字节；最多接受 {most} 字节")
UNKNOWN_CHANNEL = Words(
    "the subject must end in one of the channels {known}",
    "主题必须以下列渠道之一结尾：{known}",
)
NO_VERSION = Words("must be the text 1.0", "必须是文本 1.0")
NO_TYPE = Words("must be the text {types}", "必须是文本 {types}")
OR = Words(" or ", " 或 ")
AHEAD = Words(
    "it (or time, where it is absent) is more than {minutes} minutes ahead",
    "该时刻（缺省时为 time）超前当前时间 {minutes} 分钟以上",
)

CARD = Words("a card's number", "银行卡号")
IDENTITY = Words("a person's identity number", "身份证号")
PHONE = Words("a telephone number", "电话号码")
EMAIL = Words("an e-mail address", "电子邮件地址")
OF_SOMEBODY = Words(
    "{field}: is {what}, and could never be erased; send an identifier of your own instead",
    "{field}：是{what}，之后无法删除；请改用您系统自己的标识符",
)
IN_A_LINK = Words(
    "{field}: holds {what}, which is not stored; send a link without it",
    "{field}：含有{what}，系统不保存此类号码；请改用不含该号码的链接",
)
