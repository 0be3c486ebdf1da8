"""`amends reconcile`: could any complaint be forgotten? Facts, rows and workflows beside each other."""

import asyncio
from dataclasses import asdict
from pathlib import Path

import typer

from services.console.audit.proofs import every_complaint
from services.console.audit.reconciler.passing import Finding, reconcile
from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document
from services.console.connection.nats import connect
from services.console.connection.place import find
from services.console.connection.temporal import temporal_client


@app.command(name="reconcile")
def reconcile_all(directory: Dir = None, as_json: Json = False, debug: Debug = False) -> None:
    """Compare every complaint's facts, row and workflow; exit status 1 if one could be forgotten."""
    looked_at, found = asyncio.run(_pass(directory, show=not as_json))
    if as_json:
        document({"ok": not found, "looked_at": looked_at, "findings": [asdict(one) for one in found]})
    else:
        print(f"{looked_at} complaints compared, {len(found)} findings.")
    if found:
        raise typer.Exit(1)


async def _pass(directory: Path | None, *, show: bool) -> tuple[int, list[Finding]]:
    from services.console.audit.reconciler.gathering import Sources

    place = find(directory)
    temporal = await temporal_client(place)
    client = await connect(place)
    looked_at, found = 0, []
    try:
        async for count, some in reconcile(Sources(client, temporal), every_complaint(client)):
            looked_at += count
            found += some
            for one in some if show else ():
                print(f"{one.complaint_id}: {one.finding}")
    finally:
        await client.close()
    return looked_at, found
