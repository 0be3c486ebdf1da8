"""What `amends quarantine show` says of content that intake could not take: what is wrong stays visible."""

import json
from typing import Any

import pytest

from services.console.audit.quarantine import SHOWN, content
from services.console.cli.output import pretty

UNCLEAN = {
    "half a character": (b'{"data": "a\\ud800b"}', '{"data": "a\\ud800b"}'),
    "half a character in bytes": (b'{"data": "\xed\xa0\x80"}', '{"data": "\\xed\\xa0\\x80"}'),
    "a field twice": (b'{"id": "1", "id": "2"}', '{"id": "1", "id": "2"}'),
    "a field twice inside": (b'{"data": {"a": 1, "a": 1}}', '{"data": {"a": 1, "a": 1}}'),
    "not a number": (b'{"data": NaN}', '{"data": NaN}'),
    "a byte order mark": (b"\xef\xbb\xbf{}", "\ufeff{}"),
    "no object": (b"[1]", "[1]"),
    "no JSON": (b"not json", "not json"),
    "nothing": (b"", ""),
}


@pytest.mark.parametrize(("payload", "shown"), UNCLEAN.values(), ids=UNCLEAN.keys())
def test_bytes_that_are_no_clean_json_are_shown_unchanged(payload: bytes, shown: str) -> None:
    assert content(payload) == shown


@pytest.mark.parametrize("brackets", [100, 2_000, 10_000])
def test_thousands_of_brackets_are_cut_and_break_nothing(
    brackets: int, capsys: pytest.CaptureFixture[str]
) -> None:
    payload = b'{"data": ' + b"[" * brackets + b"]" * brackets + b"}"
    shown = content(payload)
    whole = payload.decode()

    assert shown == (whole if len(whole) <= SHOWN else f"{whole[:SHOWN]}… ({len(whole) - SHOWN} more bytes)")
    pretty({"content": shown})
    assert json.loads(capsys.readouterr().out) == {"content": shown}


@pytest.mark.parametrize("message", [{"data": {"title": "坏了"}}, {}, {"id": 'a ": b'}])
def test_clean_json_is_shown_as_json(message: dict[str, Any]) -> None:
    assert content(json.dumps(message).encode()) == message
