"""Numbers in other digits, spaces and dashes are the same numbers; what only looks like one stays whole."""

import pytest

from shared.masking.masker import Masker
from shared.masking.whole import whole_number

MASK = Masker(("card", "identity", "phone"))
CARD, ID, PHONE = "4111111111111111", "11010519491231002X", "13800138000"

BETWEEN = [
    "\u2009", "\u202f", "\u00a0", "\u3000", "\u2003", "\u200b", "\u200d", "\ufeff", "\u2060", "\u00ad",
    "\t", "\n", "\r\n", ".", "·", "-", "–", "—", "‑", "−", "\u2028", "\u0301", " - ", "  ", "\x85",
    "\u180e", "\u061c",
]  # fmt: skip
SCRIPTS = [0xFF10, 0x0660, 0x06F0, 0x0966, 0x0E50, 0x1D7CE, 0x1D7F6, 0x09E6]


def grouped(number: str, between: str, *lengths: int) -> str:
    """The number in groups of these lengths."""
    parts, at = [], 0
    for length in lengths:
        parts.append(number[at : at + length])
        at += length
    return between.join(parts)


def in_script(number: str, zero: int) -> str:
    """The number in the digits of another script."""
    return "".join(chr(zero + int(one)) if one.isdigit() else one for one in number)


@pytest.mark.parametrize("between", BETWEEN, ids=ascii)
def test_signs_between_the_groups_hide_no_number(between: str) -> None:
    card, resident = grouped(CARD, between, 4, 4, 4, 4), grouped(ID, between, 6, 8, 4)
    assert MASK(f"👍 卡 {card} 👍谢谢") == "👍 卡 [card ••••1111] 👍谢谢"
    assert MASK(f"my id {resident}, thanks 🙏🏽!") == "my id [identity ••••], thanks 🙏🏽!"
    assert MASK(f"📞{grouped(PHONE, between, 3, 4, 4)}。") == "📞[phone ••••00]。"
    assert (
        MASK(f"👨‍👩‍👧 AMEX {grouped('378282246310005', between, 4, 6, 5)}") == "👨‍👩‍👧 AMEX [card ••••0005]"
    )


@pytest.mark.parametrize("zero", SCRIPTS, ids=hex)
def test_digits_of_every_script_are_digits(zero: int) -> None:
    assert MASK(f"卡{in_script(CARD, zero)}完") == "卡[card ••••1111]完"
    assert MASK(f"证{in_script(ID, zero)}完") == "证[identity ••••]完"
    assert MASK(f"打{in_script(PHONE, zero)}完") == "打[phone ••••00]完"
    mixed = in_script(CARD[:8], zero) + "\u200b" + CARD[8:]
    assert MASK(f"🎉🎉{mixed}🎉") == "🎉🎉[card ••••1111]🎉"


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\u2060", "\ufeff", "\u0332", "\ufe0f\u20e3", "\u00ad"], ids=ascii
)
def test_marks_on_every_digit_hide_no_number(hidden: str) -> None:
    text = "".join(f"{digit}{hidden}" for digit in CARD)
    assert "1111" not in MASK(f"卡 {text} 完").replace("[card ••••1111]", "")
    assert MASK(f"卡 {text} 完").endswith(" 完")


FOUND = [
    ("13800138000/13900139000", "[phone ••••00]/[phone ••••00]"),
    ("138 0013 8000/139 0013 9000", "[phone ••••00]/[phone ••••00]"),
    ("4111111111111111/13800138000", "[card ••••1111]/[phone ••••00]"),
    ("4111 1111 1111 1111 123", "[card ••••1111] 123"),
    ("4111 1111 1111 1111 12/27 123", "[card ••••1111] 12/27 123"),
    ("4111111111111111|12|2027|123", "[card ••••1111]|12|2027|123"),
    ("4111111111111111/12/27", "[card ••••1111]/12/27"),
    ("4111/1111/1111/1111", "[card ••••1111]"),
    ("4111_1111_1111_1111", "[card ••••1111]"),
    ("4111,1111,1111,1111", "[card ••••1111]"),
    ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "[card ••••1111]"),
    ("41 11 11 11 11 11 11 11", "[card ••••1111]"),
    ("41111111\n11111111", "[card ••••1111]"),
    ("4111    1111    1111    1111", "[card ••••1111]"),
    ("4111        1111        1111        1111", "[card ••••1111]"),
    ("4111  -  1111  -  1111  -  1111", "[card ••••1111]"),
    ("3782    822463    10005", "[card ••••0005]"),
    ("4111    11111111    1111", "[card ••••1111]"),
    ("4111 (1111) 1111 [1111]", "[card ••••1111]]"),
    ("(4111) (1111) (1111) (1111)", "([card ••••1111])"),
    ("[4111] [1111] [1111] [1111] 12/27", "[[card ••••1111]] 12/27"),
    ("{4111}-{1111}-{1111}-{1111}", "{[card ••••1111]}"),
    ("4111…1111…1111…1111", "[card ••••1111]"),
    ("4111....1111....1111....1111", "[card ••••1111]"),
    ("4111 ~ 1111 ~ 1111 ~ 1111", "[card ••••1111]"),
    ("4111;1111;1111;1111", "[card ••••1111]"),
    ("4111、1111、1111、1111", "[card ••••1111]"),
    ("4111;1111;1111;1111;12;27", "[card ••••1111];12;27"),
    ("4111 => 1111 => 1111 => 1111", "[card ••••1111]"),
    ("4111•1111•1111•1111", "[card ••••1111]"),
    ("4111🙂1111🙂1111🙂1111", "[card ••••1111]"),
    ("“4111” “1111” “1111” “1111”", "“[card ••••1111]”"),
    ("**4111** 1111 __1111__ 1111", "**[card ••••1111]"),
    ("<b>4111</b>1111 1111 1111", "<b>[card ••••1111]"),
    ("<td>4111</td> <td class='n'>1111</td><td>1111</td>\n<td>1111</td>", "<td>[card ••••1111]</td>"),
    ("4111<br/>1111<br/>1111<br/>1111", "[card ••••1111]"),
    ("4111&nbsp;1111&nbsp;1111&#32;1111", "[card ••••1111]"),
    ("4111\\n1111\\n1111\\n1111", "[card ••••1111]"),
    ("4111…1111…1111…1111 2026", "[card ••••1111] 2026"),
    ("4111-1111-1111-1111, 1234", "[card ••••1111], 1234"),
    ("4111    1111    1111    1111    5555    5555    5555    4444", "[card ••••1111]    [card ••••4444]"),
    ("card4111111111111111x", "card[card ••••1111]x"),
    ("x4111111111111111x", "x[card ••••1111]x"),
    ("mycardis4111111111111111ok", "mycardis[card ••••1111]ok"),
    ("card_4111111111111111_x", "card_[card ••••1111]_x"),
    ("pay4111 1111 1111 1111now", "pay[card ••••1111]now"),
    ("No4111…1111…1111…1111thanks", "No[card ••••1111]thanks"),
    ("4111 1111 1111 1111 5555 5555 5555 4444", "[card ••••1111] [card ••••4444]"),
    ("4111111111111111\n5555555555554444", "[card ••••1111]\n[card ••••4444]"),
    ("1101 0519 4912 3100 2X", "[identity ••••]"),
    ("1 3 8 0 0 1 3 8 0 0 0", "[phone ••••00]"),
    ("138.0013.8000", "[phone ••••00]"),
    ("一三八零零一三八零零零", "[phone ••••00]"),
    ("电话：幺三八零零幺三八零零零", "电话：[phone ••••00]"),
    ("+٤٤ ٧٧٠٠ ٩٠٠١٢٣", "[phone ••••23]"),
    ("SSN：536\u201190\u20114399", "SSN：[identity ••••]"),
    ("NHS no. 9434765919", "NHS no. [identity ••••]"),
    ("N\u200bI: QQ\u200912\u200934\u200956\u2009C", "N\u200bI: [identity ••••]"),
    ("身份证１１０１０５１９４９１２３１００２Ｘ", "身份证[identity ••••]"),
]

KEPT = [
    "9400 1000 0000 0000 0000 00",
    "9205 5000 0000 0000 0000 00",
    "parcel 4111 1111 1111 1111",
    "My parcel with number 4111 1111 1111 1111",
    "Parcel no.: 4111\u20091111\u20091111\u20091111",
    "包裹 4111111111111111 没到",
    "包裹号：13800138000",
    "📦 tracking number is 13800138000",
    "📦运单号：４１１１１１１１１１１１１１１１",
    "顺丰单号 13800138000",
    "DHL 4111111111111111",
    "Royal Mail AB123456789GB",
    "JD014600003889123456",
    "SF1380013800012",
    "1Z999AA10123456784",
    "order\u2009no\u20094111111111111111",
    "订单号\n4111111111111111",
    "Order:\t13800138000",
    "2026\u201111\u201121 09:20:33",
    "２０２６年１１月２１日１３時４５分",
    "21.11.2026 13.45.22",
    "2026/11/21 – 2026/12/24",
    "1\u202f234\u202f567\u202f890,50 €",
    "512 345 678 901 234 rupiah",
    "CNY 13.800.138.000",
    "550e8400-e29b-41d4-a716-446655440000",
    "11111111-1111-4111-8111-111111111111",
    "C2345672345672ab",
    "INV/2026/4111111111111111",
    "https://files.example/4111-1111-1111-1111?x=13800138000",
    "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16",
    "1001\n1002\n1003\n1004\n1005\n1006",
    "4\t1\t7\t2\t9\t1\t1\t1\t1\t1\t1\t1\t1\t1\t1\t1\t1\t1\t1\t1\t3",
    "序列号 35-209900-176148-1",
    "退我 １９９．００ 元，等了 ２０ 分钟",
    "٣٠ يومًا و ١٩٩ ريال",
    "ISBN 978\u20103\u201016\u2010148410\u20100",
    "一二三四五六，上山打老虎",
    "👨‍👩‍👧‍👦 3 kids, 2 refunds, 0\ufe0f\u20e3 answers",
    "e\u0301te\u0301 – naïve\u00ad text with\u200bhidden characters",
    "192.168.100.200:8080",
    "10:30 to 11:45 on 2026-12-24, room 4111",
    "ord4111111111111111",
    "orderNo4111111111111111",
    "SN4111111111111111",
    "txn_4111111111111111",
    "cust-4111111111111111",
    "a94111111111111111f03b",
    "9f4111111111111111",
    "4111111111111111abcdefabcdefabcd",
    "order 4111    1111    1111    1111",
    "运单号 4111…1111…1111…1111",
    "4111…1111…1111…1111…2345",
    "9400    1000    0000    0000    0000    00",
    "4111; 1111: 1111, 1111",
    "32151;76058;4466;8506;92558;82383;93847;9949",
    "(4111, 1111), (1111, 1111)",
    "4111x1111x1111x1112",
    "4111    1111    1111    1112",
    "<td>4111</td><td>1111</td><td>1111</td><td>1112</td>",
    '{"a": 4111, "b": 1111, "c": 1111, "d": 1111}',
    "511    222    333    444    555",
    "(1) (2) (3) (4) (5) (6) (7) (8) (9) (10) (11)",
]


@pytest.mark.parametrize(("text", "expected"), FOUND, ids=lambda value: ascii(value)[:30])
def test_a_number_is_found_however_it_is_written(text: str, expected: str) -> None:
    assert MASK(text) == expected
    assert MASK(f"🙂 {text} 🙂") == f"🙂 {expected} 🙂"
    assert MASK(MASK(text)) == expected


@pytest.mark.parametrize("text", KEPT, ids=lambda value: ascii(value)[:30])
def test_a_text_without_such_a_number_comes_back_whole(text: str) -> None:
    assert MASK(text) == text
    assert MASK(f"🙂 {text} 🙂") == f"🙂 {text} 🙂"


def test_numbers_joined_by_slashes_are_all_covered() -> None:
    assert MASK("/".join([ID] * 1000)) == "/".join(["[identity ••••]"] * 1000)


def test_shapes_alone_are_covered_past_the_closely_examined_part() -> None:
    covered = MASK(" , ".join([PHONE] * 3000))
    assert PHONE not in covered
    assert covered.count("[phone ••••00]") == 3000


@pytest.mark.parametrize(
    ("ref", "kind"),
    [
        (in_script(CARD, 0xFF10), "card"),
        ("4111\u20091111\u20091111\u20091111", "card"),
        ("4111\u200b1111\u200b1111\u200b1111", "card"),
        (in_script(ID, 0x0660), "identity"),
        ("手机：" + in_script(PHONE, 0x0660), "phone"),
        ("+44\u20097911\u2009123456", "phone"),
        ("cust-88", None),
        ("2026-000123", None),
        ("4111111111111112", None),
    ],
    ids=ascii,
)
def test_identifiers_are_looked_at_in_the_same_form(ref: str, kind: str | None) -> None:
    assert whole_number(ref, ("card", "identity", "phone")) == kind
