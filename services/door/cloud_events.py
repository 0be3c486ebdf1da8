"""CloudEvent of an HTTP request, structured or binary, as the bytes that are submitted. Pure.

CloudEvents HTTP binding 1.0.2. A structured body is not changed. A binary body is copied unchanged into
`data`. So both are read by the same rules, here and by intake.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

import orjson

from services.door import refusals
from services.door.refusal import RefusedRequest
from shared.contract.door import BATCH_TYPE, BINARY_PREFIX, Trouble
from shared.contract.envelope import CONTENT_TYPE
from shared.contract.quarantine import Reason

Headers = Iterable[tuple[bytes, bytes]]

JSON = "application/json"
NAME = re.compile(r"^[a-z0-9]{1,40}$")

PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def structured_event(headers: Headers, body: bytes) -> bytes:
    """Event of the request in structured JSON, valid or not. Raises `RefusedRequest` where there is none."""
    pairs = [(name.decode("latin-1").lower(), value) for name, value in headers]
    media = _media_type(pairs)
    attributes = [
        (name[len(BINARY_PREFIX) :], value) for name, value in pairs if name.startswith(BINARY_PREFIX)
    ]
    if media == CONTENT_TYPE or (media == JSON and not attributes):
        return body
    if media == JSON:
        return _assembled(attributes, body)
    raise RefusedRequest(
        Trouble.UNSUPPORTED_TYPE, refusals.BATCH if media == BATCH_TYPE else refusals.FOREIGN_TYPE
    )


def _media_type(pairs: list[tuple[str, bytes]]) -> str:
    """Content type without parameters; empty where it, its charset or its encoding is not supported."""
    given = {name: value.decode("latin-1").lower() for name, value in pairs if name.startswith("content-")}
    media, *parameters = (part.strip() for part in given.get("content-type", "").split(";"))
    charsets = {p.partition("=")[2].strip('" ') for p in parameters if p.startswith("charset")}
    if not charsets <= {"utf-8", "utf8"} or given.get("content-encoding", "identity") != "identity":
        return ""
    return media


def _assembled(attributes: list[tuple[str, bytes]], body: bytes) -> bytes:
    """Headers and body of binary mode as one object; the body is data only if it is JSON by itself."""
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        raise RefusedRequest(Reason.NOT_JSON, refusals.NO_JSON) from None
    event: dict[str, str] = {}
    for name, value in sorted(attributes):
        if name in event or name in ("data", "datacontenttype") or not NAME.match(name):
            raise RefusedRequest(Reason.NOT_CLOUDEVENT, refusals.NO_ATTRIBUTE)
        event[name] = _text(name, value)
    envelope = orjson.dumps(event | {"datacontenttype": JSON})
    return envelope[:-1] + b',"data":' + body + b"}"


def _text(name: str, value: bytes) -> str:
    """Value of a header: quoted or not, percent-encoded UTF-8."""
    bare = value.strip(b" \t")
    if len(bare) > 1 and bare[:1] == bare[-1:] == b'"':
        bare = re.sub(rb"\\(.)", rb"\1", bare[1:-1])
    try:
        if PERCENT.search(bare):
            raise ValueError
        return unquote_to_bytes(bare).decode()
    except ValueError:
        raise RefusedRequest(Reason.NOT_CLOUDEVENT, refusals.NOT_ENCODED, name) from None
