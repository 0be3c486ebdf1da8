"""`amends policy migrate`: lead complaints to the policy in force; first as a dry run."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import typer
from nats.aio.client import Client

from services.console.cli.app import Debug, Dir, Json
from services.console.cli.commands.policy import policy
from services.console.cli.output import document, terminal
from services.console.cli.usage import UsageError
from services.console.connection.nats import connected
from services.console.display.migration_report import MigrationReport, as_document, as_text
from shared.client.failures import REFUSED
from shared.client.paging import every_item
from shared.client.requests import ask, send_command
from shared.contract.commands import MigratePolicy
from shared.contract.queries import Migration, MigrationQuery
from shared.contract.values import Stage

PAGE = 200


@policy.command()
def migrate(
    complaint_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Complaint ids.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every complaint that is being handled.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would move.")] = False,
    actor: Annotated[str | None, typer.Option(help="The supervisor who orders it.")] = None,
    reason: Annotated[str | None, typer.Option(help="Reason; it is stored with each complaint.")] = None,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Move complaints to the policy in force. A dry run lists who gains and who loses time."""
    if bool(complaint_ids) == everything:
        raise UsageError("Name the complaints, or give --all; not both.")
    if not dry_run and not (actor and reason):
        raise UsageError("A migration needs --actor and --reason. Look first with --dry-run.")
    order = {"actor": actor or "", "reason": reason or ""}
    found = asyncio.run(_migrate(directory, complaint_ids, MigrationReport(dry_run), order))
    if as_json:
        document(as_document(found))
    else:
        terminal().print(as_text(found))
    if found.refused:
        raise typer.Exit(REFUSED)


async def _migrate(
    directory: Path | None, named: list[str] | None, found: MigrationReport, order: dict[str, str]
) -> MigrationReport:
    async with connected(directory) as client:
        complaints = named or [one async for one in _handled(client)]
        for complaint in complaints:
            await _one(client, complaint, found, order)
    return found


async def _one(client: Client, complaint: str, found: MigrationReport, order: dict[str, str]) -> None:
    """Ask what would move; then, unless it is a dry run, have it done. One that is there already stays."""
    reply = await ask(client, MigrationQuery.NAME, {"complaint_id": complaint})
    if not reply["ok"]:
        found.refused[complaint] = reply["error"]
        return
    would = Migration.model_validate(reply["result"])
    if would.from_ == would.to:
        return
    if not found.dry_run:
        reply = await send_command(client, MigratePolicy.VERB, _body(complaint, order))
        if not reply["ok"]:
            found.refused[complaint] = reply["error"]
            return
    found.done.append(would)


def _body(complaint: str, order: dict[str, str]) -> dict[str, Any]:
    return {
        "command_id": str(uuid.uuid4()),
        "complaint_id": complaint,
        "actor": {"id": order["actor"]},
        "data": {"reason": order["reason"]},
    }


async def _handled(client: Client) -> AsyncIterator[str]:
    """Complaints with clocks that run."""
    async for item in every_item(client, "worklist", {"by": "complaint_id", "limit": PAGE}, "items"):
        if item["stage"] not in (Stage.FOLLOWING_UP, Stage.CLOSED):
            yield str(item["complaint_id"])
