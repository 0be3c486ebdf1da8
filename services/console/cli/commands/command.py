"""`amends command`: send one command and print the reply."""

import asyncio
import uuid
from pathlib import Path
from typing import Annotated, Any

import typer

from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.fields import merge_fields, parse_object
from services.console.cli.output import document, pretty
from services.console.cli.usage import UsageError
from services.console.connection.nats import connected
from shared.client.requests import send_command
from shared.contract.commands import COMMANDS


@app.command()
def command(
    verb: Annotated[
        str, typer.Argument(metavar="VERB", help="Such as respond, offer, answer; see `contract`.")
    ],
    complaint_id: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="The complaint id; none for a verb about a person, or for many."),
    ] = None,
    fields: Annotated[
        list[str] | None, typer.Argument(metavar="[FIELD=VALUE]...", help="Fields of its data.")
    ] = None,
    actor: Annotated[str, typer.Option(help="The actor: a staff id, or `customer`.")] = ...,  # type: ignore[assignment]
    data: Annotated[str, typer.Option(help="The data as a JSON object.")] = "{}",
    command_id: Annotated[
        str | None, typer.Option(help="An id of the command; a repeated id repeats the first reply.")
    ] = None,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Send a command to the service that answers it; exit status 1 if it is refused."""
    if verb not in COMMANDS:
        raise UsageError(f"There is no command {verb!r}. There are: {' '.join(COMMANDS)}.")
    about = COMMANDS[verb].ABOUT_COMPLAINT
    is_field = complaint_id is not None and ("=" in complaint_id or complaint_id.lstrip().startswith("{"))
    named = complaint_id if about and not is_field else None
    own = [*([complaint_id] if complaint_id and not named else []), *(fields or [])]
    filled = merge_fields(COMMANDS[verb], parse_object(data), own)
    if about and not named and not (filled.get("all") or filled.get("complaint_ids")):
        raise UsageError(f"{verb} needs the id of a complaint.")
    body = {
        "command_id": command_id or str(uuid.uuid4()),
        **({"complaint_id": named} if named else {}),
        "actor": {"id": actor},
        "data": filled,
    }
    reply = asyncio.run(_send(directory, verb, body))
    (document if as_json else pretty)(reply)
    if not reply.get("ok"):
        _print_refusal(reply)
        raise typer.Exit(1)


def _print_refusal(reply: dict[str, Any]) -> None:
    error = reply.get("error") or {}
    typer.echo(f"Refused ({error.get('code')}): {error.get('message')}", err=True)


async def _send(directory: Path | None, verb: str, body: dict[str, Any]) -> dict[str, Any]:
    async with connected(directory) as client:
        return await send_command(client, verb, body)
