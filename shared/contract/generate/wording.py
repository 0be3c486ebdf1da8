"""Wording of generated schemas: without noise, and without references that outsiders cannot follow."""

import re
from typing import Any, Literal

from pydantic import BaseModel

Schema = dict[str, Any]

CURRENCY: Schema = {"type": "string", "pattern": "^[A-Z]{3}$", "description": "An ISO 4217 code."}
KEY_ORDER = ("$ref", "title", "description", "type", "properties", "required")
_CITATION = re.compile(r",? ?`sources\.md` [FPU]?\d+(?:(?:, | to | and )[FPU]?\d+)*")


def meaning(model: type[BaseModel]) -> str:
    """First line of a model's docstring, without internal references."""
    return plain((model.__doc__ or "").strip().partition("\n")[0])


def plain(text: str) -> str:
    """Docstring without its citations of sources."""
    return " ".join(_CITATION.sub("", text).replace(" ()", "").split())


def clean(node: Any, parent: Literal["schema", "names"] = "schema") -> Any:
    """Without the titles that repeat a name, without library data, null written short.

    Keys below `properties` and `$defs` are names of the contract, not keywords: they stay.
    """
    if isinstance(node, list):
        return [clean(item) for item in node]
    if not isinstance(node, dict):
        return node
    if parent == "names":
        return {key: CURRENCY if key == "currency" else clean(value) for key, value in node.items()}
    kept = {key: value for key, value in node.items() if key != "title" and (key, value) != ("default", None)}
    cleaned = {
        key: clean(value, "names" if key in ("properties", "$defs") else "schema")
        for key, value in kept.items()
    }
    if "description" in cleaned:
        cleaned["description"] = plain(cleaned["description"])
    return _in_order(_short_null(cleaned))


def _in_order(schema: Schema) -> Schema:
    """Put the keys first that a reader needs first."""
    first = {key: schema[key] for key in KEY_ORDER if key in schema}
    return first | schema


def _short_null(schema: Schema) -> Schema:
    """Shorten an `anyOf` of one type and null to a list of the two types."""
    others = {key: value for key, value in schema.items() if key != "anyOf"}
    match schema.get("anyOf"):
        case [{"type": str(kind)} as only, {"type": "null"}]:
            return dict(only) | {"type": [kind, "null"]} | others
    return schema


def never_null(node: Any) -> Any:
    """Remove `null` from the schema of an output: Amends leaves out a field that does not apply."""
    if isinstance(node, list):
        return [never_null(item) for item in node]
    if not isinstance(node, dict):
        return node
    match node:
        case {"anyOf": [only, {"type": "null"}], **others}:
            return never_null(only | others)
        case {"type": [kind, "null"], **others}:
            return {"type": kind} | never_null(others)
    return {key: never_null(value) for key, value in node.items()}
