"""Tables of the integrator's page, made from the models and their schemas."""

from collections.abc import Iterable
from functools import lru_cache

from shared.contract.commands import COMMANDS
from shared.contract.errors import MESSAGES
from shared.contract.events import FACTS
from shared.contract.generate.asyncapi import asyncapi
from shared.contract.generate.wording import Schema, meaning
from shared.contract.quarantine import QUARANTINE_HEADERS, Reason
from shared.contract.queries import QUERIES, RESULTS

HEADER_FIELDS = ("complaint_id", "seq", "cycle", "stage", "actor", "policy")
LONG_TEXT = 10_000

REASONS = {
    Reason.NOT_JSON: "The bytes are not JSON.",
    Reason.NOT_CLOUDEVENT: "It is JSON, but not a CloudEvents 1.0 envelope.",
    Reason.INVALID: "It is an envelope, but its `type` or one of its fields is wrong.",
    Reason.FUTURE: "`received_at` is more than 5 minutes in the future.",
    Reason.TOO_LARGE: "It is larger than 256 KiB.",
    Reason.UNKNOWN_CHANNEL: "The last token of the subject is not a channel.",
    Reason.TOO_COMPLEX: "Reading its texts took longer than the budget: send plainer or shorter texts.",
    Reason.FOREIGN_SOURCE: "Its `source` is not one that the sending client is registered for.",
    Reason.AUTOMATIC: "A machine wrote it, and it belongs to no open complaint of its customer.",
    Reason.ID_REUSED: "Its `source` used the `id` for another customer, or for what is over.",
    Reason.RATE_LIMITED: "Its `source` sends more than the policy allows: send it again later.",
}

Definitions = dict[str, Schema]


@lru_cache(maxsize=1)
def definitions() -> Definitions:
    """Every shape of the contract by name."""
    found: Definitions = asyncapi()["components"]["schemas"]
    return found


def facts(*services: str) -> str:
    """Table of the facts that exactly these services publish."""
    shapes = definitions()
    rows = [
        (f"`{name}`", meaning(fact), fields(shapes[f"{fact.__name__}Data"], leave_out=HEADER_FIELDS))
        for name, fact in FACTS.items()
        if services == fact.BY
    ]
    return table(("fact", "meaning", "its own fields"), rows)


def fact_header() -> str:
    """Table of the fields that every fact has."""
    return fields(definitions()["ReceivedData"], only=HEADER_FIELDS)


def verbs(service: str) -> str:
    """Table of the verbs that one service answers."""
    shapes = definitions()
    rows = [
        (f"`{verb}`", meaning(command), fields(shapes[command.__name__]))
        for verb, command in COMMANDS.items()
        if service == command.SERVICE
    ]
    return table(("verb", "meaning", "`data`"), rows)


def queries() -> str:
    """Table of the queries, with the shapes of their results."""
    shapes = definitions()
    rows = [
        (f"`{name}`", meaning(query), fields(shapes[f"query.{name}"]), f"`{RESULTS[name].__name__}`")
        for name, query in QUERIES.items()
    ]
    return table(("query", "meaning", "request", "`result`"), rows)


def errors() -> str:
    """Table of the refusals, a closed list."""
    blank = {"detail": "…", "owner": "…"}
    rows = [(f"`{code}`", *(words.format(**blank) for words in both)) for code, both in MESSAGES.items()]
    return table(("code", "message", "说明"), rows)


def reasons() -> str:
    """Table of the reasons of a quarantine."""
    return table(("reason", "meaning"), [(f"`{reason}`", REASONS[reason]) for reason in Reason])


def quarantine_headers() -> str:
    """Table of the headers of a quarantined message."""
    return table(("header", "meaning"), [(f"`{name}`", about) for name, about in QUARANTINE_HEADERS.items()])


def words() -> str:
    """Table of the closed lists of words."""
    rows = [
        (f"`{name}`", shape.get("description", ""), " · ".join(shape["enum"]))
        for name, shape in sorted(definitions().items())
        if "enum" in shape and name != "ErrorCode"
    ]
    return table(("name", "meaning", "words"), rows)


def shapes() -> str:
    """Table of the shapes in fields of facts, commands and results."""
    whole = {command.__name__ for command in COMMANDS.values()} | {
        f"{fact.__name__}Data" for fact in FACTS.values()
    }
    rows = [
        (f"`{name}`", shape.get("description", ""), fields(shape))
        for name, shape in sorted(definitions().items())
        if "properties" in shape and name[0].isupper() and name not in whole and shape_name(name) == name
    ]
    return table(("shape", "meaning", "fields"), rows)


def fields(shape: Schema, only: Iterable[str] = (), leave_out: Iterable[str] = ()) -> str:
    """Fields of a shape in one line; `?` marks a field that may be absent. Plain text needs no word."""
    named = {name: field for name, field in shape["properties"].items() if name not in set(leave_out)}
    wanted = list(only) or list(named)
    required = shape.get("required", [])
    words = (f"`{name}{'' if name in required else '?'}` {kind(named[name])}".strip() for name in wanted)
    return ", ".join(words)


def kind(field: Schema) -> str:
    """Kind of a field's value, in a word or two; empty for plain text."""
    match field:
        case {"$ref": str(ref)}:
            return shape_name(ref.rpartition("/")[2])
        case {"anyOf": [first, {"type": "null"}]}:
            return kind(first)
        case {"enum": list(allowed)}:
            return " / ".join(map(str, allowed))
        case {"const": value}:
            return str(value).lower()
        case {"format": "date-time"}:
            return "instant"
        case {"type": "array" | ["array", "null"], "items": dict(item)}:
            return f"[{kind(item) or 'string'}]"
        case {"minimum": low, "maximum": high}:
            return f"{low} to {high}"
        case {"maxLength": int(most)} if most > LONG_TEXT:
            return "text"
        case {"type": "object"}:
            return "object"
    named = field.get("type", "")
    return "" if "string" in named else str(named[0] if isinstance(named, list) else named)


def shape_name(name: str) -> str:
    """For a reader, a shape that differs only in never being null is the same shape."""
    return name.removeprefix("Fact")


def table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Markdown table with these heads and rows."""
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
