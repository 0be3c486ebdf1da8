"""Good submission with the mistakes that senders make: in structure, characters, bytes."""

import json
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from tests.fuzz.judging import MARK
from tests.unit.submissions import submission

Place = tuple[Any, Any]
"""Dict or list, and the key or index of something in it."""

ODD_CHARACTERS = (
    "\x00\x07\x1b\x7f\x85\x9f\u200b\u200d\u200e\u202a\u202e\u2066\u2069\u2028\ufeff\ufffe\ud800\udfff😀❤\ufe0f"
    "\U000e0041\u0301\n\r\t \"\\/:{}[]%$<>'\ufdfa\U0001d7d9１"
)
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1e308, 10**30, "", " ", f"{MARK}\u202e", [], {}, [MARK], {MARK: MARK},
    "NaN", "-1", "1e9",
    "9" * 400, "２", "2026-02-30T00:00:00Z", "2016-12-31T23:59:60Z", "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59", "2026-11-21T00:00:00+99:99", "1700000000", "2026-11-21", "P1D", "zh", "xx",
    "zh-Hans-CN", "RMB", "XXX", "EUR", "Asia/Shanghai", "Factory", "../../etc", "09:00-18:00", "24:00-09:00",
    "https://a.example/b", "javascript:alert(1)", "data:,x", "file:///x", "urn:x", "urn:uuid:1", "https://[",
    "a:b", "complaints.submitted.v1", "complaints.submitted.v9", "1.0", "x" * 201, "x" * 2000, "${title}",
    "$title", "{words}",
)  # fmt: skip
ODD_NAMES = (
    "specversion", "data", "id", "ref", "attachments", "received_at", "representative", "group_ref",
    "__proto__", "", MARK, "13800138000",
)  # fmt: skip


def start() -> dict[str, Any]:
    """Every field there, the marked word in every text."""
    message = submission(title=f"{MARK} a", narrative=f"b {MARK}", product=MARK, order_ref=MARK)
    message["data"]["customer"] |= {"name": MARK, "phone": MARK, "email": MARK}
    message["data"]["attachments"] = [f"https://files.example/{MARK}"]
    return message


def mutated(random: Random) -> bytes:
    """Message with one to four mistakes."""
    message = start()
    for _ in range(random.randint(1, 4)):
        random.choice(IN_THE_TREE)(message, random)
    body = _written(message, random)
    for _ in range(random.choice((0, 0, 0, 1, 2))):
        body = random.choice(IN_THE_BYTES)(body, random)
    return body


def _written(message: Any, random: Random) -> bytes:
    as_ascii, tight = random.random() < 0.5, random.random() < 0.5
    separators = (",", ":") if tight else (" , ", random.choice((":", ": ", " : ", "\n:\t")))
    text = json.dumps(message, ensure_ascii=as_ascii, separators=separators)
    return text.encode("utf-8", "surrogatepass")


def _places(tree: Any) -> list[Place]:
    """Everything in the tree, by its place."""
    found, waiting = [], [tree]
    while waiting and len(found) < 200:
        one = waiting.pop()
        inside = list(one.items()) if isinstance(one, dict) else list(enumerate(one))
        found += [(one, name) for name, _ in inside]
        waiting += [value for _, value in inside if isinstance(value, dict | list)]
    return found


def _place(tree: Any, random: Random) -> Place | None:
    places = _places(tree)
    return random.choice(places) if places else None


def _replace(tree: Any, random: Random) -> None:
    if place := _place(tree, random):
        place[0][place[1]] = deepcopy(random.choice(ODD_VALUES))


def _remove(tree: Any, random: Random) -> None:
    if place := _place(tree, random):
        del place[0][place[1]]


def _disturb(tree: Any, random: Random) -> None:
    """Add an odd character somewhere in a text."""
    texts = [place for place in _places(tree) if isinstance(place[0][place[1]], str)]
    if texts:
        holder, name = random.choice(texts)
        text, at = holder[name], random.randint(0, len(holder[name]))
        holder[name] = text[:at] + random.choice(ODD_CHARACTERS) + text[at:]


def _bury(tree: Any, random: Random) -> None:
    if place := _place(tree, random):
        for _ in range(random.choice((1, 5, 60, 70))):
            inside = place[0][place[1]]
            place[0][place[1]] = [inside] if random.random() < 0.5 else {"a": inside}


def _add(tree: Any, random: Random) -> None:
    """Add a field where it may not belong."""
    objects = [tree, *(h[n] for h, n in _places(tree) if isinstance(h[n], dict))]
    random.choice(objects)[random.choice(ODD_NAMES)] = deepcopy(random.choice(ODD_VALUES))


def _say_twice(body: bytes, random: Random) -> bytes:
    """Repeat a piece that begins with a name, so that a field is there twice."""
    begins = [
        at for at in range(len(body) - 1) if body[at : at + 1] in b"{," and body[at + 1 : at + 2] == b'"'
    ]
    if not begins:
        return body
    at = random.choice(begins)
    piece = body[at + 1 : at + random.randint(2, 60)]
    return body[: at + 1] + piece + b"," + body[at + 1 :]


def _cut(body: bytes, random: Random) -> bytes:
    return body[: random.randint(0, len(body))]


def _flip(body: bytes, random: Random) -> bytes:
    if not body:
        return b"\xff"
    at = random.randrange(len(body))
    return body[:at] + bytes([random.randrange(256)]) + body[at + 1 :]


def _insert(body: bytes, random: Random) -> bytes:
    at = random.randint(0, len(body))
    piece = random.choice(
        (b"\x00", b"\xff", b"\xed\xa0\x80", b"\\ud800", b"NaN", b"[" * 2000, b'"', b"\\", b"1e999")
    )
    return body[:at] + piece + body[at:]


def _mark(body: bytes, random: Random) -> bytes:
    return random.choice((b"\xef\xbb\xbf", b"\xff\xfe", b" ", b"\n")) + body


IN_THE_TREE: tuple[Callable[[Any, Random], None], ...] = (
    _replace,
    _replace,
    _disturb,
    _disturb,
    _remove,
    _bury,
    _add,
)
IN_THE_BYTES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _say_twice,
    _say_twice,
    _cut,
    _flip,
    _insert,
    _mark,
)
