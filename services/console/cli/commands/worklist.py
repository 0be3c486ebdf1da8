"""`amends list`: complaints of an owner, of a team, or all, what is due next first."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document, terminal
from services.console.connection.nats import connected
from services.console.display.worklist_table import work_items, work_table
from shared.client.facts import PublishedFact
from shared.client.last_facts import last_facts
from shared.client.requests import result_of


@app.command("list")
def list_complaints(
    owner: Annotated[str | None, typer.Option(help="Only complaints of this owner.")] = None,
    team: Annotated[str | None, typer.Option(help="Only complaints of this team.")] = None,
    group: Annotated[
        str | None, typer.Option(help="All members of this group of complainants, also closed.")
    ] = None,
    include_closed: Annotated[bool, typer.Option("--all", help="Also closed complaints.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=500, help="Rows of a page.")] = 100,
    cursor: Annotated[str | None, typer.Option(help="Cursor that the former page printed.")] = None,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """List open complaints, soonest due first."""
    body = {"owner": owner, "team": team, "group": group, "limit": limit, "cursor": cursor}
    body |= {"include_closed": include_closed or None}
    given = {name: value for name, value in body.items() if value is not None}
    page, last = asyncio.run(_read(directory, given, with_facts=not as_json))
    if as_json:
        document(page)
        return
    screen = terminal()
    items = work_items(page)
    screen.print(work_table(items, last) if items else "Nothing is open. 没有未结投诉。")
    if page.get("next_cursor"):
        screen.print(f"More: amends list --cursor {page['next_cursor']}")


async def _read(
    directory: Path | None, body: dict[str, Any], *, with_facts: bool
) -> tuple[dict[str, Any], dict[str, PublishedFact]]:
    async with connected(directory) as client:
        page = await result_of(client, "worklist", body)
        ids = [item.complaint_id for item in work_items(page)] if with_facts else []
        return page, await last_facts(client, ids)
