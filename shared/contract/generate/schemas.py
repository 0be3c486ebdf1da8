"""JSON Schemas (2020-12) of the contract, made from the models. Pure: this module reads and writes no
files.
"""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter, create_model
from pydantic.json_schema import JsonSchemaMode

from shared.contract.classify import ClassifyReply, ClassifyRequest
from shared.contract.commands import (
    COMMANDS,
    Command,
    CommandReply,
    CommandRequest,
    PersonReply,
    PersonRequest,
)
from shared.contract.envelope import CloudEvent
from shared.contract.errors import Refusal
from shared.contract.events import FACTS, TYPE_PREFIX, Fact, FactHeader
from shared.contract.generate.wording import Schema, clean, never_null, plain
from shared.contract.ids import COMPLAINT_ID_PATTERN, schema_urn
from shared.contract.queries import QUERIES, RESULTS, QueryReply
from shared.contract.submission import TAKEN, Submitted

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, Schema]:
    """Every schema by its file name."""
    return {f"{name.replace(':', '.')}.json": schema for name, schema in _named()}


def _named() -> Iterator[tuple[str, Schema]]:
    inputs = dict(_inputs())
    taken = {name for schema in inputs.values() for name in schema.get("$defs", {})}
    yield from inputs.items()
    for name, schema in _outputs():
        yield name, never_null(_own_names(schema, taken))


def _inputs() -> Iterator[tuple[str, Schema]]:
    """Schemas of the messages that others send."""
    yield "submission", _submission()
    for verb, command in COMMANDS.items():
        yield f"command:{verb}", _request(verb, command)
    for name, query in QUERIES.items():
        yield f"query:{name}", _top(f"query:{name}", TypeAdapter(query), "validation", query.__doc__)
    yield (
        "classify-reply",
        _top("classify-reply", TypeAdapter(ClassifyReply), "validation", ClassifyReply.__doc__),
    )


def _outputs() -> Iterator[tuple[str, Schema]]:
    """Schemas of the messages that Amends sends: facts and replies."""
    for name, fact in FACTS.items():
        yield f"event:{name}", _event(name, fact)
    yield "command-reply", _command_reply()
    for name in QUERIES:
        yield f"query-reply:{name}", _query_reply(name)
    yield "classify", _top("classify", TypeAdapter(ClassifyRequest), "serialization", ClassifyRequest.__doc__)
    yield "refusal", _top("refusal", TypeAdapter(Refusal), "serialization", Refusal.__doc__)


def _submission() -> Schema:
    about = "Complaint or grumble that another system submits, as a CloudEvent."
    schema = _top("submission", TypeAdapter(Submitted), "validation", about)
    schema["properties"] |= {"specversion": {"const": "1.0"}, "type": {"enum": list(TAKEN)}}
    schema["required"] = ["specversion", "type", "source", "id", "data"]
    return schema


def _event(name: str, fact: type[Fact]) -> Schema:
    data: Any = create_model(f"{fact.__name__}Data", __base__=(fact, FactHeader), __doc__=fact.__doc__)
    schema = _top(f"event:{name}", TypeAdapter(CloudEvent[data]), "serialization", fact.__doc__)
    sources = [f"amends/{service}" for service in fact.BY]
    schema["properties"] |= {
        "specversion": {"const": "1.0"},
        "type": {"const": f"{TYPE_PREFIX}{name}.v1"},
        "source": {"const": sources[0]} if len(sources) == 1 else {"enum": sources},
        "id": {"type": "string", "pattern": f"{COMPLAINT_ID_PATTERN[:-1]}-[a-z]+-[1-9][0-9]*$"},
        "time": {"type": "string", "format": "date-time"},
        "subject": {"type": "string", "pattern": COMPLAINT_ID_PATTERN},
        "dataschema": {"const": schema_urn(f"event:{name}")},
        "datacontenttype": {"const": "application/json"},
    }
    schema["required"] = list(schema["properties"])
    return schema


def _own_names(schema: Schema, taken: set[str]) -> Schema:
    """Rename each definition that an output shares with the inputs but that is never null in the output."""
    definitions = schema.get("$defs", {})
    differing = [name for name in definitions if never_null(definitions[name]) != definitions[name]]
    names = {name: f"Fact{name}" for name in differing if name in taken}
    if not names:
        return schema
    text = json.dumps(schema | {"$defs": {names.get(name, name): body for name, body in definitions.items()}})
    for name, new in names.items():
        text = text.replace(f'"#/$defs/{name}"', f'"#/$defs/{new}"')
    renamed: Schema = json.loads(text)
    return renamed


def _request(verb: str, command: type[Command]) -> Schema:
    required = any(field.is_required() for field in command.model_fields.values())
    data: Any = (command, ... if required else {})
    base: Any = CommandRequest if command.ABOUT_COMPLAINT else PersonRequest
    request = create_model(f"{command.__name__}Request", __base__=base, data=data)
    return _top(f"command:{verb}", TypeAdapter(request), "validation", command.__doc__)


def _command_reply() -> Schema:
    about = "Reply to a command: it was carried out (`ok` is true), or refused (`ok` is false)."
    schema = _top("command-reply", TypeAdapter(CommandReply | PersonReply), "serialization", about)
    for name in ("Accepted", "AcceptedForPerson", "Refused"):
        schema["$defs"][name]["required"].insert(0, "ok")
    return schema


def _query_reply(name: str) -> Schema:
    result: Any = (RESULTS[name] | None, None)
    reply = create_model(f"{RESULTS[name].__name__}Reply", __base__=QueryReply, result=result)
    return _top(f"query-reply:{name}", TypeAdapter(reply), "serialization", QueryReply.__doc__)


def _top(name: str, model: TypeAdapter[Any], mode: JsonSchemaMode, about: str | None) -> Schema:
    """Whole schema, named and cleaned."""
    body = clean(model.json_schema(mode=mode))
    body.pop("description", None)
    head: Schema = {"$schema": DIALECT, "$id": schema_urn(name), "title": name.replace(":", " ")}
    definitions = {"$defs": body.pop("$defs")} if "$defs" in body else {}
    whole: Schema = head | {"description": plain(about or "")} | body | definitions
    return whole
