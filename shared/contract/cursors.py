"""Cursors: a cursor is the start of the next page of an answer, and belongs to one query and filter. Pure.

A cursor holds a position (instants, ids, numbers) and a digest over that position, the query's name and
its filter. By the digest any other word is recognised and refused. A cursor holds no secret and no
personal data.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

import orjson
from pydantic import Field, TypeAdapter, ValidationError

from shared.contract import refusals
from shared.contract.errors import Refusal, refuse

Cursor = Annotated[str, Field(min_length=1, max_length=1000)]
Position = TypeVar("Position")

DIGEST = 9


class BadCursor(ValueError):
    """Error for a word that is not the `next_cursor` of a page of this query under this filter."""

    def __init__(self) -> None:
        super().__init__("cursor: use the next_cursor of the page before, with the same filter")


def cursor_of(query: str, chosen: Mapping[str, Any], position: Any) -> str:
    """Cursor for the items after `position` in the answer to `query` under the filter `chosen`."""
    said = orjson.dumps(position)
    return base64.urlsafe_b64encode(_digest(query, chosen, said) + said).decode().rstrip("=")


def position_in(cursor: str, query: str, chosen: Mapping[str, Any], shape: TypeAdapter[Position]) -> Position:
    """Position in a cursor, which has this shape. Raises `BadCursor` for any other word."""
    try:
        whole = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        digest, said = whole[:DIGEST], whole[DIGEST:]
        position = orjson.loads(said)
        if digest != _digest(query, chosen, said) or cursor_of(query, chosen, position) != cursor:
            raise BadCursor
        return shape.validate_python(position)
    except (binascii.Error, orjson.JSONDecodeError, ValidationError, ValueError, OverflowError):
        raise BadCursor from None


def bad_cursor() -> Refusal:
    """Refusal of any such word."""
    return refuse(refusals.BAD_CURSOR)


def _digest(query: str, chosen: Mapping[str, Any], text: bytes) -> bytes:
    given = orjson.dumps([query, dict(chosen)], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(given + b"\n" + text).digest()[:DIGEST]
