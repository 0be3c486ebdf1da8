"""Bad input beyond the plain mistakes: each is a misfit with its reason, its field and one clear sentence.

`sources.md` F3.
"""

from typing import Any

import orjson
import pytest

from shared.contract.json_objects import MAX_DEPTH
from shared.contract.quarantine import Misfit, Reason
from shared.contract.values.problems import OWN, PATTERNS, PYDANTIC, Words
from tests.unit.submissions import registered, said, submission

RLO, PDI, LRM, RLM = "\u202e", "\u2069", "\u200e", "\u200f"
NESTED = b'{"specversion": "1.0", "type": "x", "a": ' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b"}"
BAD_JSON = {
    "ten thousand nested brackets": b'{"data": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "nested just too deep": NESTED,
    "invalid UTF-8": b'{"data": "\xc3\x28"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"data": 1}'.encode("utf-16"),
    "a lone surrogate": b'{"data": "\\udc00"}',
    "not a number": b'{"data": NaN}',
    "a number beyond all": b'{"data": 1e999}',
    "a raw control character": b'{"data": "\x01"}',
}


def misfit(message: Any) -> Misfit:
    with pytest.raises(Misfit) as caught:
        registered(message)
    return caught.value


def with_(field: str, value: Any) -> dict[str, Any]:
    """A good submission with one field replaced, dotted from the top."""
    message = submission()
    place: Any = message
    *path, last = field.split(".")
    for step in path:
        place = place.setdefault(step, {})
    place[last] = value
    return message


def is_clear(found: Misfit, *secrets: str) -> None:
    """One sentence in each language that ASCII headers can carry and that repeats nothing."""
    assert found.detail.isascii()
    assert found.detail.isprintable()
    assert any("\u4e00" <= character <= "\u9fff" for character in found.detail_zh)
    for words in (found.detail, found.detail_zh, found.field or ""):
        assert not any(secret in words for secret in secrets)


@pytest.mark.parametrize("body", BAD_JSON.values(), ids=BAD_JSON.keys())
def test_invalid_json_is_refused_with_the_reason(body: bytes) -> None:
    found = misfit(body)

    assert (found.reason, found.field) == (Reason.NOT_JSON, None)
    is_clear(found)


BAD_FIELDS: list[tuple[str, Any]] = [
    ("data.received_at", "2026-02-30T09:20:00+08:00"),
    ("data.received_at", "2016-12-31T23:59:60Z"),
    ("data.received_at", "2026-11-21T24:00:00Z"),
    ("data.received_at", "2026-11-21T09:20:00+25:00"),
    ("data.received_at", "2026-11-21T09:20:00+14:01"),
    ("data.received_at", "2026-11-21T09:20:00-23:59"),
    ("data.received_at", "0026-11-21T09:20:00+08:00"),
    ("data.received_at", "1969-07-20T20:17:40Z"),
    ("data.received_at", "2201-01-01T00:00:00Z"),
    ("data.received_at", "99999-01-01T00:00:00Z"),
    ("data.received_at", "1700000000"),
    ("data.received_at", 1.7e9),
    ("data.received_at", "2026-11-21"),
    ("data.received_at", True),
    ("time", "-1"),
    ("data.narrative", "bell\x07"),
    ("data.narrative", "null\x00"),
    ("data.title", "C1 \x85 and \x9f"),
    ("data.narrative", f"pay {RLO}001 yuan"),
    ("data.title", f"closed {PDI}"),
    ("data.customer.name", f"\u202a{'x' * 3}"),
    ("data.customer.ref", f"cust{LRM}-88"),
    ("data.customer.ref", f"cust{RLM}-88"),
    ("data.customer.ref", "cust\u200b-88"),
    ("data.customer.ref", "\ufeffcust-88"),
    ("data.customer.ref", "cust-88\U000e0041"),
    ("data.customer.ref", "cust😀"),
    ("data.customer.ref", "   "),
    ("data.customer.ref", "two\nlines"),
    ("data.unit", "shop❤"),
    ("data.about_staff", "agent-7\u2060"),
    ("source", "crm\u00ad.example"),
    ("id", "1️⃣"),
    ("data.remedy_sought", "refund\nnow"),
    ("data.remedy_sought", f"refund {RLO}"),
    ("data.loss.currency", "RMB"),
    ("data.loss.currency", "XXX"),
    ("data.loss.currency", 156),
    ("data.loss.value", "-199.00"),
    ("data.loss.value", "NaN"),
    ("data.loss.value", "Infinity"),
    ("data.loss.value", "9" * 14),
    ("data.loss.value", "1e6"),
    ("data.loss.value", "1,000.00"),
    ("data.loss.value", 199),
    ("data.loss", "199 CNY"),
    ("data.safety", "maybe"),
    ("data.safety", "yes"),
    ("data.safety", "TRUE"),
    ("data.safety", 1),
    ("data.loss", {"value": "1.55", "currency": "JPY"}),
    ("data.loss", {"value": "0.001", "currency": "CNY"}),
    ("data.loss", {"value": "1.0001", "currency": "KWD"}),
    ("data.attachments", "https://files.example/1.jpg"),
    ("data.attachments.0", "1.jpg"),
    ("data.attachments.0", "//files.example/1.jpg"),
    ("data.attachments.0", "https:///1.jpg"),
    ("data.attachments.0", "https://files.example/a b.jpg"),
    ("data.attachments.0", "https://files.example/图.jpg"),
    ("data.attachments.0", "https://[files/1.jpg"),
    ("data.attachments.0", "https://files.example:port/1"),
    ("data.attachments.0", "https://me:pass@files.example/1"),
    ("data.attachments.0", "javascript:alert(1)"),
    ("data.attachments.0", "JavaScript:alert(1)"),
    ("data.attachments.0", "data:text/html;base64,PGI+"),
    ("data.attachments.0", "file:///etc/passwd"),
    ("data.attachments.0", "C:/Users/me/1.jpg"),
    ("data.attachments.0", "urn:x"),
    ("data.attachments.0", 7),
    ("data.customer", ["cust-88"]),
    ("data", "a complaint"),
]


@pytest.mark.parametrize(("field", "value"), BAD_FIELDS)
def test_a_bad_value_is_invalid_and_its_field_is_named(field: str, value: Any) -> None:
    message = with_("data.attachments", [value]) if field.endswith(".0") else with_(field, value)
    found = misfit(message)

    assert (found.reason, found.field) == (Reason.INVALID, field)
    is_clear(found, *([value] if isinstance(value, str) and len(value) > 3 and value.strip() else []))


TWICE = {
    "id": b'"id": "2026-000124"',
    "source": b'"source" :"another"',
    "data": b'"data": {}',
    "data.customer": b'"customer": {"ref": "somebody-else"}',
    "data.customer.ref": b'"r\\u0065f":  "somebody-else"',
    "data.loss.value": b'"value"\t: "1.00"',
}


@pytest.mark.parametrize("field", TWICE)
def test_a_field_that_is_given_twice_is_named(field: str) -> None:
    found = misfit(_with_also(field, TWICE[field]))

    assert (found.reason, found.field) == (Reason.INVALID, field)
    is_clear(found, "somebody-else", "2026-000124")


def test_the_same_value_twice_is_twice_all_the_same() -> None:
    assert misfit(_with_also("id", b'"id": "2026-000123"')).field == "id"


def test_a_strange_field_that_is_given_twice_is_not_repeated() -> None:
    strange = b'"13800138000": {"a": [{"13900139000": 1, "13900139000": 2}]}'
    found = misfit(_with_also("data.customer", strange))

    assert (found.reason, found.field) == (Reason.INVALID, "data")
    is_clear(found, "13800138000", "13900139000")


def _with_also(field: str, more: bytes) -> bytes:
    """A good submission that says `more` right before `field`, in the object that has it."""
    name = field.rpartition(".")[2].encode()
    body = orjson.dumps(submission())
    place = body.index(b'"' + name + b'":', body.index(b'"loss"') if field.startswith("data.loss") else 0)
    return body[:place] + more + b"," + body[place:]


@pytest.mark.parametrize(
    "words",
    ['He said "no": and again ":"', '": ":', 'a \\": b', '{"id":1,"id":2}', "\\", '\\"\\":', "\u0022:"],
)
def test_a_text_that_looks_like_a_field_is_a_text(words: str) -> None:
    assert registered(submission(narrative=words)).texts["narrative"] == words


GOOD_WORDS = [
    "😡 气死了！\r\n\t退钱",
    "👨\u200d👩\u200d👧",
    "می\u200cخواهم",
    f"שלום{RLM}! {LRM}ok",
    "1️⃣ 坏了",
    "﷽",
]


@pytest.mark.parametrize("words", GOOD_WORDS)
def test_texts_are_taken_as_people_write_them(words: str) -> None:
    kept = registered(submission(narrative=words, title=words, product=words)).texts

    assert (kept["narrative"], kept["title"]) == (words, words)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("data.customer.ref", "客户-88"),
        ("data.customer.ref", "عميل 7"),
        ("source", "urn:x:№5"),
        ("data.remedy_sought", "退款🙏"),
        ("data.language", "tlh"),
        ("data.language", "zh-Hant-TW"),
        ("data.received_at", "2026-11-21 09:20:00.123456789+08:00"),
        ("data.received_at", "2026-11-20T13:20:00-12:00"),
        ("data.loss.value", "0"),
        ("data.loss.currency", "JPY"),
        ("data.loss", {"value": "100.00", "currency": "JPY"}),
        ("data.loss", {"value": "1.555", "currency": "KWD"}),
        ("data.loss", {"value": "1.5555", "currency": "CLF"}),
        ("data.hints.severity", 3.0),
        ("data.customer.timezone", "Pacific/Kiritimati"),
    ],
)
def test_unusual_and_right_submissions_are_taken(field: str, value: Any) -> None:
    assert len(registered(with_(field, value)).facts) == 3


def test_attachments_are_stored_encrypted_and_only_their_number_travels() -> None:
    uris = [
        "https://files.example/%E5%9B%BE.jpg?x=1",
        "s3://bucket/key",
        "urn:uuid:0d5ea5e0-0000-4000-8000-1",
    ]
    registration = registered(submission(attachments=uris))

    assert orjson.loads(registration.texts["attachments"]) == uris
    received = said(registration.facts[0])
    assert received["attachments"] == 3
    assert received["text_refs"]["attachments"].endswith(":attachments")
    for fact in registration.facts:
        assert b"files.example" not in fact.body


def test_a_submission_without_attachments_counts_none() -> None:
    assert "attachments" not in said(registered(submission(attachments=[])).facts[0])


def test_every_sentence_is_there_in_both_languages_and_fits_a_header() -> None:
    tables: list[Words] = [*OWN.values(), *PYDANTIC.values(), *PATTERNS.values()]
    for words in tables:
        assert words.en.isascii()
        assert any("\u4e00" <= character <= "\u9fff" for character in words.zh)


@pytest.mark.parametrize("named", ["complaints.nosuch.v1", 7])
def test_the_types_that_are_taken_are_named_in_each_language_in_its_own_words(named: Any) -> None:
    found = misfit(with_("type", named))
    assert "complaints.submitted.v1 or complaints.grumbled.v1" in found.detail
    assert "complaints.submitted.v1 或 complaints.grumbled.v1" in found.detail_zh
