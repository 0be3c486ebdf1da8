"""`amends list`: complaints of an owner, of a team, or all, what is due next first."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document, terminal
from services.console.connection.nats import connected
from services.console.display.worklist_table import NARROW, step_table, work_items, work_table
from shared.client.facts import PublishedFact
from shared.client.last_facts import last_facts
from shared.client.requests import result_of


@app.command("list")
def list_complaints(
    owner: Annotated[str | None, typer.Option(help="Only complaints of this owner.")] = None,
    team: Annotated[str | None, typer.Option(help="Only complaints of this team.")] = None,
    person: Annotated[
        str | None, typer.Option(help="Complaints of this person, and what else waits for them.")
    ] = None,
    manager: Annotated[str | None, typer.Option(help="Complaints of all teams under this person.")] = None,
    stage: Annotated[str | None, typer.Option(help="Only complaints in this stage.")] = None,
    severity: Annotated[int | None, typer.Option(min=1, max=5, help="Only complaints this grave.")] = None,
    category: Annotated[str | None, typer.Option(help="Only complaints of this category.")] = None,
    regime: Annotated[
        str | None, typer.Option(help="Only complaints with an open obligation of this regime.")
    ] = None,
    unsure: Annotated[
        bool | None,
        typer.Option("--unsure/--sure", help="Only complaints of unsure, or sure, category."),
    ] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only complaints that are overdue.")] = False,
    group: Annotated[
        str | None, typer.Option(help="All members of this group of complainants, also closed.")
    ] = None,
    include_closed: Annotated[bool, typer.Option("--all", help="Also closed complaints.")] = False,
    steps: Annotated[
        bool, typer.Option("--steps", help="Show what to do next and why, as in a narrow terminal.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=500, help="Rows of a page.")] = 100,
    cursor: Annotated[str | None, typer.Option(help="Cursor that the former page printed.")] = None,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """List open complaints, soonest due first."""
    body: dict[str, Any] = {
        "owner": owner,
        "team": team,
        "person": person,
        "manager": manager,
        "group": group,
    }
    body |= {"stage": stage, "severity": severity, "category": category, "regime": regime}
    body |= {"unsure": unsure, "overdue": overdue or None, "include_closed": include_closed or None}
    body |= {"limit": limit, "cursor": cursor}
    given = {name: value for name, value in body.items() if value is not None}
    screen = terminal()
    steps = steps or bool(person) or screen.width < NARROW
    page, last = asyncio.run(_read(directory, given, with_facts=not (as_json or steps)))
    if as_json:
        document(page)
        return
    items = work_items(page)
    table = step_table(items) if steps else work_table(items, last)
    screen.print(table if items else "Nothing is open. 没有未结投诉。")
    if page.get("next_cursor"):
        screen.print(f"More: amends list --cursor {page['next_cursor']}")


async def _read(
    directory: Path | None, body: dict[str, Any], *, with_facts: bool
) -> tuple[dict[str, Any], dict[str, PublishedFact]]:
    async with connected(directory) as client:
        page = await result_of(client, "worklist", body)
        ids = [item.complaint_id for item in work_items(page)] if with_facts else []
        return page, await last_facts(client, ids)
