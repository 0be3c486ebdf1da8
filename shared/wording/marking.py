"""Write dates, amounts, numbers, mailboxes and names of a text as one word each, so that a model sees that
there is one and not which. Pure, and linear in the text (RE2).
"""

import re2

from shared.triage import reading

HUNDRED = r"\b100 ?(?:%|per ?cent)|百分之?百|一百分"

MAILBOX = r"[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}"

DATE = "|".join((
    r"\d{1,2}月\d{1,2}[日号](?:\d{1,2}:\d{2})?",
    r"\d{1,4}[年月日号点时]\d{0,2}[月日点分半]?\d{0,2}[日分]?",
    r"\d{1,2}:\d{2}|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}(?:/\d{2,4})?",
    r"\d+ ?个?(?:工作日|自然日|小时|分钟|天|周|月|星期)",
    r"[一二两三四五六七八九十]+个?(?:工作日|小时|分钟|天|周|月|点|号|日)(?:之?内|前|半|钟)?",
    r"今天|今日|明天|明日|后天|今晚|明早|今早|昨天|昨日|昨晚|当天|前天|次日|当晚",
    r"上午|下午|中午|傍晚|凌晨|下班前",
    r"[本这下上]?个?(?:周|星期|礼拜)[一二三四五六日天末]|[本这下上](?:周|月|季度|学期)|[本下]?月[底初末]",
    r"\b\d{1,2}(?:[:.]\d\d)? ?(?:am|pm|a\.m|p\.m|o'clock)\b|\b\d{1,2}(?:st|nd|rd|th)\b",
    r"\b(?:\d{1,2} )?(?:january|february|march|april|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b(?: \d{1,4})?|\b\d{1,2} may\b|\bmay \d{1,2}\b",
    r"\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow|tonight|yesterday|noon"
    r"|midnight)(?:'s)?\b",
    r"\bthis (?:morning|afternoon|evening|week|month)\b|\b(?:next|last) (?:week|month|year)\b",
    r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|twenty|thirty|forty"
    r"|ninety|half an|an|a)(?: more)?(?: working| business| calendar)?[ -](?:minute|hour|day|week|month)s?\b",
    r"\b(?:by|before|until|till) (?:half past |quarter past |quarter to )?\d{1,2}\b",
    r"\b(?:at|by|before|until|till|from) (?:half past |quarter past |quarter to )?"
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b",
))  # fmt: skip

AMOUNT = r"[£€$¥]\s?\d[\d,.]*|\d[\d,.]*\s?(?:元|块|万|pounds?|euros?|dollars?|%|per cent|yuan)"

NUMBER = r"\d[\d -]{6,40}\d|\b[a-zA-Z]{1,2}\d{6,}"

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹苏潘葛范彭鲁韦马方俞任袁柳鲍史唐费薛"
    "雷贺倪汤罗毕郝安常于傅康余顾孟黄萧尹姚邵汪毛米贝戴宋庞熊纪项董梁杜阮季贾江郭林徐高夏蔡田胡凌霍万卢莫"
    "丁邓洪石崔程陆段侯武刘叶黎白龚文"
)
TITLES = "先生|女士|小姐|阿姨|大爷|大妈|太太|老师|师傅|医生|护士|同学|总|经理|老板|某"
NAME = (
    rf"[{SURNAMES}]\p{{Han}}{{0,2}}(?:{TITLES})"
    r"|\b(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z]\w+(?: [A-Z]\w+)?|\b[A-Z][a-z]+ [A-Z][a-z]+\b"
)

NO_NAME = frozenset({
    "As", "At", "Dear", "For", "I", "If", "In", "Is", "It", "My", "No", "On", "Our", "Please", "Thank",
    "That", "The", "This", "Under", "We", "When", "Yes", "You", "Your",
})  # fmt: skip
"""Words at the beginning of a sentence that are no first name."""

MARKS = [
    (re2.compile(f"(?i){HUNDRED}"), " xpercent 百分百 "),
    (re2.compile(MAILBOX), " xmail "),
    (re2.compile(NAME), " xname "),
    (re2.compile(f"(?i){DATE}"), " xdate "),
    (re2.compile(f"(?i){AMOUNT}"), " xamount "),
    (re2.compile(NUMBER), " xnumber "),
]


def marked(page: str) -> str:
    """Text of a page (`reading.page_of`) with its dates and names replaced."""
    for pattern, word in MARKS:
        page = "".join(_replaced(pattern, page, word))
    return page


def _replaced(pattern: "re2._Regexp[str]", page: str, word: str) -> list[str]:
    pieces, at = list[str](), 0
    for hit in pattern.finditer(page):
        if hit.group().partition(" ")[0] not in NO_NAME:
            pieces += page[at : hit.start()], word
            at = hit.end()
    return [*pieces, page[at:]]


def page_of(text: str) -> str:
    """Text in normal form, marked, as the model reads it."""
    return marked(reading.page_of(text))
