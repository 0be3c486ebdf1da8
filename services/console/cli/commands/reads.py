"""`amends reads`: who read which texts, when and what for; for the privacy role."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document, terminal
from services.console.connection.nats import connected
from shared.client.paging import every_item
from shared.contract.queries import ReadsQuery


@app.command()
def reads(
    actor: Annotated[str, typer.Option(help="The actor: a staff id of the privacy role.")],
    complaint: Annotated[str | None, typer.Option(help="Only the texts of this complaint.")] = None,
    reader: Annotated[str | None, typer.Option(help="Only reads by this actor.")] = None,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """List who read which texts, newest first."""
    wanted = {"actor": {"id": actor}, "complaint_id": complaint, "reader": reader}
    found = asyncio.run(_read(directory, {name: value for name, value in wanted.items() if value}))
    if as_json:
        document({"items": found})
        return
    table = Table("read at 时间", "by 读取人", "text 文本", "purpose 目的", box=None)
    for one in found:
        table.add_row(one["read_at"], one["actor"], one["text_ref"], one.get("purpose") or "(erased 已删除)")
    terminal().print(table if found else "No text was read. 没有读取记录。")


async def _read(directory: Path | None, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    async with connected(directory) as client:
        found = [
            item
            for service in ReadsQuery.SERVICES
            async for item in every_item(client, ReadsQuery.NAME, wanted | {"service": service}, "items")
        ]
    return sorted(found, key=lambda one: str(one["read_at"]), reverse=True)
