"""What is masked, what is left alone, and that masking twice changes nothing."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.masking.masker import Masker

MASK = Masker(("card", "identity", "phone"))

HARMFUL = [
    # payment cards
    ("卡号4111111111111111被多扣了一次", "卡号[card ••••1111]被多扣了一次"),
    ("My card 4111 1111 1111 1111 was charged twice.", "My card [card ••••1111] was charged twice."),
    ("card: 5555-5555-5555-4444", "card: [card ••••4444]"),
    ("付款卡6222 0212 3456 7890 128退款", "付款卡[card ••••0128]退款"),
    ("Amex 378282246310005 please", "Amex [card ••••0005] please"),
    ("Amex 3782 822463 10005", "Amex [card ••••0005]"),
    ("visa4012888888881881", "visa[card ••••1881]"),
    ("Discover 6011111111111117.", "Discover [card ••••1117]."),
    ("JCB 3530111333300000", "JCB [card ••••0000]"),
    ("2223003122003222 is my Mastercard", "[card ••••3222] is my Mastercard"),
    ("卡４１１１１１１１１１１１１１１１", "卡[card ••••1111]"),
    ("(4242424242424242)", "([card ••••4242])"),
    # identity numbers
    ("身份证11010519491231002X", "身份证[identity ••••]"),
    ("身份证号：440308199901101512。", "身份证号：[identity ••••]。"),
    ("我的身份证编号是11010519491231002x", "我的身份证编号是[identity ••••]"),
    ("id 110105 19491231 002X", "id [identity ••••]"),
    ("My NI number is QQ 12 34 56 C", "My NI number is [identity ••••]"),
    ("My NI number is AB123456C.", "My NI number is [identity ••••]."),
    ("NINO: AB 12 34 56 C", "NINO: [identity ••••]"),
    ("nino ab-12-34-56-c", "nino [identity ••••]"),
    ("NHS number 943 476 5919", "NHS number [identity ••••]"),
    ("NHS number: 9434765919", "NHS number: [identity ••••]"),
    ("my SSN is 536-90-4399", "my SSN is [identity ••••]"),
    ("my SSN is 536904399", "my SSN is [identity ••••]"),
    ("SSN 078-05-1120", "SSN [identity ••••]"),
    ("social security number 536 90 4399", "social security number [identity ••••]"),
    # telephone numbers
    ("请打13800138000找我", "请打[phone ••••00]找我"),
    ("手机：138 0013 8000", "手机：[phone ••••00]"),
    ("手机138-0013-8000", "手机[phone ••••00]"),
    ("电话１３８００１３８０００", "电话[phone ••••00]"),
    ("+86 13800138000", "[phone ••••00]"),
    ("0086 138 0013 8000 call me", "[phone ••••00] call me"),
    ("8613800138000", "[phone ••••00]"),
    ("座机010-62345678", "座机[phone ••••78]"),
    ("（010）62345678", "[phone ••••78]"),
    ("0755-26123456转8", "[phone ••••56]转8"),
    ("call 07700 900123 tonight", "call [phone ••••23] tonight"),
    ("(555) 555-0123, 212-555-0198", "[phone ••••23], [phone ••••98]"),
    ("call 07911 123456 tonight", "call [phone ••••56] tonight"),
    ("+44 20 7946 0958", "[phone ••••58]"),
    ("ring (020) 7946 0958", "ring [phone ••••58]"),
    ("0161 496 0000", "[phone ••••00]"),
    ("Call (212) 555-2368!", "Call [phone ••••68]!"),
    ("212-736-5000", "[phone ••••00]"),
    ("1-212-736-5000", "[phone ••••00]"),
    ("+1 212 736 5000", "[phone ••••00]"),
    ("+12127365000", "[phone ••••00]"),
    ("tel13800138000", "tel[phone ••••00]"),
    ("打13800138000或13900139000", "打[phone ••••00]或[phone ••••00]"),
    ("+852 2345 6789", "[phone ••••89]"),
    ("见https://files.example/a，电话13800138000", "见https://files.example/a，电话[phone ••••00]"),
    ("卡4111111111111111电话13800138000", "卡[card ••••1111]电话[phone ••••00]"),
]

HARMLESS = [
    "订单号20261121000123",
    "订单13800138000一直没发货",
    "订单编号：4111111111111111",
    "快递单号SF1380013800012",
    "运单号 773012345678901",
    "order 4111111111111111 never came",
    "Order number: 13800138000",
    "tracking no. 4111111111111111",
    "my order #13800138000",
    "ORD4111111111111111",
    "ORD-13800138000",
    "invoice 2127365000",
    "ref 07911 123456",
    "2026-11-21 09:20:33",
    "2026/11/21",
    "20261121",
    "2026-11-21T09:20:33.123456Z",
    "2026年11月21日13时45分",
    "¥13,800,138,000",
    "¥13800138000",
    "13800138000元",
    "USD 4111111111111111",
    "$1,234,567.89",
    "退我199.00元",
    "loss of 1234567890 CNY",
    "4111111111111112",
    "1234567890123456",
    "1111111111111111",
    "身份证110105194912310021",
    "000-00-0000",
    "666-12-3456",
    "AB12345C",
    "phone-x 15 pro max 256",
    "型号13800138000",
    "IMEI 490154203237518",
    "serial 4111111111111111",
    "ISBN 978-3-16-148410-0",
    "192.168.100.200",
    "v1.2.3.4567890",
    "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
    "客服电话400-820-8820",
    "call 0800 123 4567 is your own line",
    "1-800-555-0199",
    "电话打了3次，等了20分钟",
    "12315热线",
    "第1380013800013800138000号",
    "我在3楼301室，邮编100084",
    "3.14159265358979",
    "50% 2026 365 24/7",
    "C2345672345672ab",
    "https://files.example/13800138000/4111111111111111.pdf",
]


@pytest.mark.parametrize(("text", "expected"), HARMFUL, ids=lambda value: str(value)[:24])
def test_a_harmful_number_is_masked(text: str, expected: str) -> None:
    assert MASK(text) == expected


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_number_stays(text: str) -> None:
    assert MASK(text) == text


@pytest.mark.parametrize(("text", "masked"), HARMFUL, ids=lambda value: str(value)[:24])
def test_a_masked_number_has_no_more_than_four_digits_left(text: str, masked: str) -> None:
    covered = [part.split("]")[0] for part in masked.split("[")[1:]]
    assert covered
    assert all(sum(map(str.isdigit, part)) <= 4 for part in covered)


def test_kinds_that_the_policy_does_not_name_are_not_masked() -> None:
    text = "卡4111111111111111，电话13800138000，身份证11010519491231002X"
    assert Masker(["card"])(text) == "卡[card ••••1111]，电话13800138000，身份证11010519491231002X"
    assert Masker([])(text) == text


numbers = st.sampled_from([text for text, _ in HARMFUL] + HARMLESS)
noise = st.text(alphabet="0123456789 -+()./卡号电话orderX０１\n[]•", max_size=12)


@settings(deadline=None)
@given(st.lists(st.one_of(numbers, noise, st.text(max_size=5)), max_size=8))
def test_masking_twice_is_masking_once(parts: list[str]) -> None:
    once = MASK("".join(parts))
    assert MASK(once) == once


@pytest.mark.parametrize(
    "part", ["1", "1 ", "+1234567 ", "4111111111111111 ", "13800138000,", "(0", "00", "4 1-"]
)
def test_a_hostile_text_costs_little(part: str) -> None:
    text = (part * 200_000)[:200_000]
    began = time.process_time()
    MASK(text)
    assert time.process_time() - began < 10
