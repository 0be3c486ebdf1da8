"""`amends watch`: open complaints with their present state, followed live."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from nats.aio.client import Client
from nats.aio.msg import Msg
from rich.live import Live
from rich.table import Table

from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document, terminal
from services.console.connection.nats import connect
from services.console.connection.place import find
from services.console.display.worklist_table import work_items, work_table
from shared.client.facts import PublishedFact, clock_of, read_fact
from shared.client.failures import in_one_sentence
from shared.client.last_facts import last_facts
from shared.client.requests import result_of
from shared.contract import subjects
from shared.contract.queries import WorkItem

AT_LEAST_EVERY = 2.0
AT_MOST_EVERY = 0.25


@dataclass
class Scene:
    """Content of the table now; `trouble` is why it may be out of date."""

    filters: dict[str, Any]
    items: list[WorkItem] = field(default_factory=list)
    last: dict[str, PublishedFact] = field(default_factory=dict)
    trouble: str | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def note(self, message: Msg) -> None:
        """Handle a fact that was published."""
        fact = read_fact(message.data)
        if fact is not None:
            self.last[fact.complaint_id] = fact
            self.changed.set()

    async def refresh(self, client: Client) -> None:
        """Ask for the worklist again, and for the last facts of what is new on it."""
        self.items = work_items(await result_of(client, "worklist", self.filters))
        unknown = [item.complaint_id for item in self.items if item.complaint_id not in self.last]
        self.last = await last_facts(client, unknown) | self.last

    def table(self) -> Table:
        table = work_table(self.items, self.last)
        table.caption = self.trouble or f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}"
        table.caption_justify = "left"
        return table

    def frame(self) -> dict[str, Any]:
        """Content of the table, for programs."""
        return {"items": [self._row(item) for item in self.items]}

    def _row(self, item: WorkItem) -> dict[str, Any]:
        last = self.last.get(item.complaint_id)
        now = clock_of(last.time if last else None, datetime.now(UTC))
        left = int((item.next_due - now).total_seconds()) if item.next_due else None
        return item.model_dump(mode="json") | {
            "due_in_seconds": left,
            "last_fact": last.name if last else None,
            "last_fact_at": last.time.isoformat().replace("+00:00", "Z") if last else None,
        }


@app.command()
def watch(
    owner: Annotated[str | None, typer.Option(help="Only complaints of this owner.")] = None,
    team: Annotated[str | None, typer.Option(help="Only complaints of this team.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="Rows at most.")] = 40,
    once: Annotated[bool, typer.Option("--once", help="Print one frame and leave.")] = False,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Watch open complaints in a live table (`--json` prints one frame)."""
    filters = {"owner": owner, "team": team, "limit": limit}
    scene = Scene({name: value for name, value in filters.items() if value is not None})
    with suppress(KeyboardInterrupt):
        asyncio.run(_watch(directory, scene, once=once or as_json))
    if as_json:
        document(scene.frame())
    elif once:
        terminal().print(scene.table())


async def _watch(directory: Path | None, scene: Scene, *, once: bool) -> None:
    client = await connect(find(directory), lasting=not once)
    try:
        await scene.refresh(client)
        if not once:
            await client.subscribe(f"{subjects.EVENT}.>", cb=scene.note)
            await _follow(client, scene)
    finally:
        await client.close()


async def _follow(client: Client, scene: Scene) -> None:
    """Redraw when facts come, at most four times a second, and regularly because time passes."""
    with Live(scene.table(), console=terminal(), auto_refresh=False) as live:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(scene.changed.wait(), AT_LEAST_EVERY)
            scene.changed.clear()
            try:
                await scene.refresh(client)
                scene.trouble = None
            except Exception as error:
                scene.trouble = in_one_sentence(error).sentence
            live.update(scene.table(), refresh=True)
            await asyncio.sleep(AT_MOST_EVERY)
