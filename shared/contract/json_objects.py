"""Decoding of a message's bytes to one JSON object, with a reason if they are none. Pure.

The parser is fast, and silently keeps the last of two fields of one name, so two readers of the same bytes
could understand two complaints. Therefore names are counted, in the bytes and in the tree. If the counts
differ, the bytes are read again slowly, with a check of every name.
"""

import json
import re
from collections import Counter
from typing import Any

import orjson

from shared.contract.quarantine import Misfit, Reason
from shared.contract.submission import misfits
from shared.contract.values.problems import Words

MAX_DEPTH = 64
"""Limit of nesting. No complaint needs more levels, and a later reader must not run out of stack."""

NAMES = re.compile(rb'"[ \t\n\r]*:')
"""End of a name. A text may hold this pattern, too, so its count is never less than the count of names."""

SCALARS = frozenset((str, int, float, bool, type(None)))
BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def parsed(body: bytes) -> dict[str, Any]:
    """Object that the bytes hold. Raises `Misfit`: `not_json`, or `not_cloudevent` if they hold no object."""
    try:
        message = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Misfit(Reason.NOT_JSON, _why(body, error.msg)) from None
    if not isinstance(message, dict):
        raise Misfit(Reason.NOT_CLOUDEVENT, misfits.NO_OBJECT)
    return message


def unambiguous(message: dict[str, Any], body: bytes, known: frozenset[str]) -> None:
    """Raise `Misfit` if the body has a field twice, or is nested too deep.

    The field is named as far as its names are `known`: other names may be words about a person.
    """
    if _names(message) == len(NAMES.findall(body)):
        return
    twice = _first(json.loads(body.decode(), object_pairs_hook=_held, parse_int=float))
    if twice is None:
        return
    path, exact = _safe_to_report(twice, known)
    words = misfits.TWICE if exact else misfits.HELD_TWICE
    raise Misfit(Reason.INVALID, words.filled(path=path or misfits.THE_MESSAGE), path or None)


def _why(body: bytes, text: str) -> Words:
    """Reason for which the parser refuses these bytes, in words that do not change with its version."""
    if body.startswith(BOMS):
        return misfits.MARKED
    try:
        body.decode()
    except UnicodeDecodeError:
        return misfits.NOT_UTF8
    if "depth" in text or "recursion" in text.lower():
        return misfits.TOO_DEEP.filled(most=MAX_DEPTH)
    if "surrogate" in text:
        return misfits.HALF
    return misfits.TOO_GREAT if "infinity" in text else misfits.NOT_JSON


def _names(message: dict[str, Any]) -> int:
    """Number of names in the tree, which is walked level by level."""
    count, level = 0, [message]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for one in level:
            values: Any = one
            if type(one) is dict:
                count += len(one)
                values = one.values()
            if not SCALARS.issuperset(map(type, values)):
                below += [value for value in values if type(value) not in SCALARS]
        if not below:
            return count
        level = below
    raise Misfit(Reason.NOT_JSON, misfits.TOO_DEEP.filled(most=MAX_DEPTH))


class _Twice(dict[str, Any]):
    """Object in which a name came twice."""

    name = ""


def _held(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    marked, counted = _Twice(found), Counter(name for name, _ in pairs)
    marked.name = next(name for name, times in counted.items() if times > 1)
    return marked


def _first(tree: Any) -> list[str | int] | None:
    """Path to the first name that came twice; the tree is no deeper than `MAX_DEPTH`."""
    if isinstance(tree, _Twice):
        return [tree.name]
    inside: Any = (
        tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    )
    for name, value in inside:
        if (rest := _first(value)) is not None:
            return [name, *rest]
    return None


def _safe_to_report(path: list[str | int], known: frozenset[str]) -> tuple[str, bool]:
    """Part of the path that may be reported, and whether it is the whole path."""
    strange = next((at for at, name in enumerate(path) if name not in known and type(name) is str), None)
    return ".".join(str(name) for name in path[:strange]), strange is None
