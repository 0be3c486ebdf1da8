"""`amends contract`: what other systems rely on, straight from the models."""

import json
from typing import Annotated

import typer

from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document, terminal
from shared.client.failures import AmendsError
from shared.contract.commands import COMMANDS
from shared.contract.errors import ErrorCode
from shared.contract.events import FACTS
from shared.contract.queries import QUERIES
from shared.contract.subjects import Channel, streams


@app.command()
def contract(
    asyncapi: Annotated[bool, typer.Option("--asyncapi", help="The AsyncAPI 3 document.")] = False,
    schema: Annotated[
        str | None, typer.Option(metavar="NAME", help="One JSON Schema, such as event:agreed.")
    ] = None,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Show the contract: its names, one schema, or the whole AsyncAPI document. Needs no running stack."""
    if asyncapi:
        from shared.contract.generate.asyncapi import asyncapi as generated

        document(generated())
    elif schema is not None:
        document(_schema(schema))
    elif as_json:
        document(_names())
    else:
        for kind, names in _names().items():
            terminal().print(f"[bold]{kind}[/bold]  {' '.join(names)}")


def _schema(name: str) -> dict[str, object]:
    from shared.contract.generate.schemas import schemas

    known = schemas()
    wanted = name.replace(":", ".").removesuffix(".json")
    if f"{wanted}.json" not in known:
        names = " ".join(sorted(file.removesuffix(".json") for file in known))
        raise AmendsError(f"The contract has no schema {name!r}. There are: {names}.", code="not_found")
    return json.loads(json.dumps(known[f"{wanted}.json"]))  # type: ignore[no-any-return]


def _names() -> dict[str, list[str]]:
    return {
        "channels": [channel.value for channel in Channel],
        "streams": [stream.name or "" for stream in streams()],
        "events": list(FACTS),
        "commands": list(COMMANDS),
        "queries": list(QUERIES),
        "errors": [code.value for code in ErrorCode],
    }
