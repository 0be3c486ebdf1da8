"""`amends query`: ask, and print the reply."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.fields import merge_fields
from services.console.cli.output import document, pretty
from services.console.cli.usage import UsageError
from services.console.connection.nats import connected
from shared.client.requests import ask
from shared.contract.queries import QUERIES


@app.command()
def query(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="complaint, timeline, worklist, text, rates, policy …")
    ],
    body: Annotated[
        list[str] | None, typer.Argument(metavar="[JSON|FIELD=VALUE]...", help="The request.")
    ] = None,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Ask one query and print the whole reply; exit status 1 if it is refused."""
    if name not in QUERIES:
        raise UsageError(f"There is no query {name!r}. There are: {' '.join(QUERIES)}.")
    reply = asyncio.run(_ask(directory, name, merge_fields(QUERIES[name], {}, body or [])))
    (document if as_json else pretty)(reply)
    if not reply.get("ok"):
        error = reply.get("error") or {}
        typer.echo(f"Refused ({error.get('code')}): {error.get('message')}", err=True)
        raise typer.Exit(1)


async def _ask(directory: Path | None, name: str, body: dict[str, Any]) -> dict[str, Any]:
    async with connected(directory) as client:
        return await ask(client, name, body)
