"""`amends rebuild`: after a store was lost, what it held is made again from the others."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from services.console.audit.rebuilding import Total, rows, stream, workflows
from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document
from services.console.connection.nats import connected
from shared.contract.subjects import Service

Only = Annotated[Service | None, typer.Option("--service", help="Only this service [default: all].")]

rebuild = typer.Typer(no_args_is_help=True, help="Rebuild a lost store from the other stores.")
app.add_typer(rebuild, name="rebuild")


@rebuild.command(name="workflows")
def rebuild_workflows(
    service: Only = None, directory: Dir = None, as_json: Json = False, debug: Debug = False
) -> None:
    """Start the workflows of open complaints again from the databases; running workflows stay."""
    _print_result("workflows started", asyncio.run(_workflows(directory, service, show=not as_json)), as_json)


@rebuild.command(name="rows")
def rebuild_rows(
    service: Only = None, directory: Dir = None, as_json: Json = False, debug: Debug = False
) -> None:
    """Rebuild rows and fact log from the stream, where a database was lost or is older than the stream."""
    _print_result("complaints written", asyncio.run(_rows(directory, service, show=not as_json)), as_json)


async def _rows(directory: Path | None, service: Service | None, *, show: bool) -> Total:
    async with connected(directory) as client:
        return await rows(client, [service] if service else list(Service), show=show)


@rebuild.command(name="stream")
def rebuild_stream(directory: Dir = None, as_json: Json = False, debug: Debug = False) -> None:
    """Publish every stored fact that the stream lacks, under its id, in order. All services must run."""
    _print_result("facts published", asyncio.run(_stream(directory, show=not as_json)), as_json)


async def _stream(directory: Path | None, *, show: bool) -> Total:
    async with connected(directory) as client:
        return await stream(client, show=show)


async def _workflows(directory: Path | None, service: Service | None, *, show: bool) -> Total:
    async with connected(directory) as client:
        return await workflows(client, [service] if service else list(Service), show=show)


def _print_result(what: str, total: Total, as_json: bool) -> None:
    if as_json:
        document({"ok": not total.unable, "rebuilt": total.rebuilt, "unable": total.unable})
    else:
        print(f"{what}: {total.rebuilt}. Look now with `amends reconcile` and `amends verify --all`.")
        for one in total.unable:
            print(f"{one}: cannot be rebuilt, since the input of its opening is not stored.")
    if total.unable:
        raise typer.Exit(1)
