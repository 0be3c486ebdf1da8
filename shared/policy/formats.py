"""Formats of instants, dates and amounts for people: in their language, by the clocks of their zone.

Everything that reaches a complainant goes through this module. The enforced clock may be finer than the
words, so each kind of instant is rounded in the complainant's favour, to minutes but for `theirs`:

- `ours`: a limit for the organisation. Rounded up: the promised instant is never earlier than the
  enforced one.
- `theirs`: a limit for the complainant. Rounded down, and written with its seconds where it has some: a
  complainant who keeps the instant as written is in time.
- `past`: an instant that has passed. Rounded down.
- `day`: a day that is planned, by the clocks of the complainant, without an hour.

A limit at midnight is written as the end of the day before. An hour that comes twice, when summer time ends,
has its offset.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from shared.contract.recorded import Named
from shared.contract.values import Money
from shared.policy.obligation import Language

END_OF = "the end of"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

CITIES_ZH = {
    "Asia/Shanghai": "北京", "Asia/Chongqing": "北京", "Asia/Urumqi": "乌鲁木齐", "Asia/Hong_Kong": "香港",
    "Asia/Macau": "澳门", "Asia/Taipei": "台北", "Asia/Tokyo": "东京", "Asia/Seoul": "首尔",
    "Asia/Singapore": "新加坡", "Asia/Kolkata": "加尔各答", "Asia/Dubai": "迪拜", "Europe/London": "伦敦",
    "Europe/Paris": "巴黎", "Europe/Berlin": "柏林", "Europe/Madrid": "马德里", "Europe/Rome": "罗马",
    "Europe/Moscow": "莫斯科", "America/New_York": "纽约", "America/Chicago": "芝加哥",
    "America/Los_Angeles": "洛杉矶", "America/Toronto": "多伦多", "Australia/Sydney": "悉尼",
    "Australia/Melbourne": "墨尔本", "Pacific/Auckland": "奥克兰",
}  # fmt: skip

CURRENCIES: dict[str, tuple[str, str, str]] = {
    "CNY": ("yuan", "人民币", "元"),
    "USD": ("US dollars", "", "美元"),
    "EUR": ("euros", "", "欧元"),
    "GBP": ("pounds sterling", "", "英镑"),
    "AUD": ("Australian dollars", "", "澳元"),
    "JPY": ("Japanese yen", "", "日元"),
    "HKD": ("Hong Kong dollars", "", "港元"),
    "CAD": ("Canadian dollars", "", "加元"),
    "SGD": ("Singapore dollars", "", "新加坡元"),
    "CHF": ("Swiss francs", "", "瑞士法郎"),
    "NZD": ("New Zealand dollars", "", "新西兰元"),
    "KRW": ("South Korean won", "", "韩元"),
    "INR": ("Indian rupees", "", "印度卢比"),
}
"""Name after the number in English; words before and after the number in Chinese."""


def ours(at: datetime, zone: str, language: Language) -> str:
    """Limit for the organisation: the first whole minute at or after it."""
    whole = at.replace(second=0, microsecond=0)
    return _limit(whole if whole == at else whole + MINUTE, zone, language)


def theirs(at: datetime, zone: str, language: Language) -> str:
    """Limit for the complainant: the last whole second at or before it."""
    return _limit(at, zone, language)


def past(at: datetime, zone: str, language: Language) -> str:
    """Instant of something that happened."""
    local = at.astimezone(ZoneInfo(zone))
    return _written(local, f"{local:%H:%M}", zone, language)


def day(at: datetime, zone: str, language: Language) -> str:
    """Day of something that is planned."""
    local = at.astimezone(ZoneInfo(zone))
    return _date_zh(local) if language == "zh" else _date_en(local)


def named(one: Named, zone: str, language: Language) -> str:
    """Instant in the rounding that its rule names."""
    return {"ours": ours, "theirs": theirs, "past": past, "day": day}[one.limit](one.at, zone, language)


def amount(money: Money, language: Language) -> str:
    """Amount with its currency in words; a currency without a name here is written by its code."""
    number, code = _number(money.amount), str(money.currency)
    if code not in CURRENCIES:
        return f"{number} {code}"
    english, before, after = CURRENCIES[code]
    return f"{before}{number}{after}" if language == "zh" else f"{number} {english}"


def listed(texts: list[str], language: Language) -> str:
    """Several things in one sentence."""
    if language == "zh":
        return "、".join(texts)
    return ", ".join(texts[:-1]) + " and " + texts[-1] if len(texts) > 1 else "".join(texts)


def _number(value: Decimal) -> str:
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,f}"


def _limit(at: datetime, zone: str, language: Language) -> str:
    local = at.astimezone(ZoneInfo(zone))
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        ends = "24:00" if language == "zh" else END_OF
        return _written(local - DAY, ends, zone, language)
    return _written(local, f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}", zone, language)


def _written(day: datetime, time: str, zone: str, language: Language) -> str:
    if language == "zh":
        return f"{_date_zh(day)}{time}（{_zone(day, zone, language)}）"
    date, place = _date_en(day), f"({_zone(day, zone, language)})"
    return f"{time} {date} {place}" if time == END_OF else f"{date}, {time} {place}"


def _date_zh(day: datetime) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _date_en(day: datetime) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _zone(day: datetime, zone: str, language: Language) -> str:
    """Zone by the name of its city, with its offset in an hour that comes twice; without a city by its
    offset.
    """
    area, _, city = zone.rpartition("/")
    if not area or area == "Etc":
        return f"{_offset(day)} 时间" if language == "zh" else _offset(day)
    name = city.replace("_", " ")
    twice = day.replace(fold=0).utcoffset() != day.replace(fold=1).utcoffset()
    if language == "zh":
        return f"{CITIES_ZH.get(zone, name)}时间" + (f"，{_offset(day)}" if twice else "")
    return f"{name} time" + (f", {_offset(day)}" if twice else "")


def _offset(day: datetime) -> str:
    offset = day.utcoffset() or timedelta(0)
    hours, minutes = divmod(abs(offset) // MINUTE, 60)
    sign = "-" if offset < timedelta(0) else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "") if offset else "UTC"
