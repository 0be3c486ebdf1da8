"""Display while the demo runs: a live table, or plain lines where the output is no terminal."""

import asyncio
import time
from collections import Counter, deque
from contextlib import suppress

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table

from deploy.demo.catalogue import Catalogue, Complaint
from deploy.demo.record import Record, SeenFact
from deploy.demo.scripts import SCRIPTS
from shared.contract.values import Stage

LINE_EVERY = 3.0
REDRAW_EVERY = 0.25
NOTABLE = (
    "deadline_breached", "escalated", "approval_given", "offer_expired", "agreed", "callback_due",
    "satisfaction_recorded", "reopened", "closed",
)  # fmt: skip
TELLING = ("obligation", "to", "remedy", "attempt", "overall", "to_cycle", "outcome")
HEADINGS = {
    Stage.RECORDED: "new",
    Stage.ANALYSING: "analysis",
    Stage.NEGOTIATING: "talks",
    Stage.IMPLEMENTING: "doing",
    Stage.FOLLOWING_UP: "follow-up",
    Stage.CLOSED: "closed",
}
"""Short enough for the table and the last facts to fit into 24 lines of 80 characters."""

TICKER_LINES = 4


class Screen:
    """Follows a record from its start to `stop`."""

    def __init__(self, console: Console, catalogue: Catalogue, run: str) -> None:
        self._console = console
        self._of: dict[str, Complaint] = {c.complaint_id(run): c for c in catalogue.lives}
        self._record: Record | None = None
        self._ticker: deque[str] = deque(maxlen=TICKER_LINES)
        self._began = time.monotonic()
        self._task: asyncio.Task[None] | None = None

    def show(self, sentence: str) -> None:
        """Print a line of progress."""
        self._console.print(f"[dim]{self._seconds:5.1f} s[/dim]  {sentence}", highlight=False, soft_wrap=True)

    def received(self, fact: SeenFact) -> None:
        """Receive a fact. The ticker shows the facts that people care about."""
        complaint = self._of.get(fact.complaint_id)
        if complaint and fact.name in NOTABLE:
            details = " ".join(f"{name}={fact.data[name]}" for name in TELLING if name in fact.data)
            self._ticker.append(f"{complaint.id}  {fact.name:<21} {details}")

    def follow(self, record: Record) -> None:
        self._record = record
        self._task = asyncio.create_task(self._live() if self._console.is_terminal else self._lines())

    async def stop(self) -> None:
        """Show the final state, and release the terminal."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self._began

    async def _live(self) -> None:
        with Live(self._table(), console=self._console, auto_refresh=False) as live:
            try:
                while True:
                    live.update(self._table(), refresh=True)
                    await asyncio.sleep(REDRAW_EVERY)
            finally:
                live.update(self._table(), refresh=True)

    async def _lines(self) -> None:
        try:
            while True:
                await asyncio.sleep(LINE_EVERY)
                self.show(self._line())
        finally:
            self.show(self._line())

    def _line(self) -> str:
        record = self._followed
        stages = record.stages()
        counts = ", ".join(f"{stages[stage]} {stage.replace('_', ' ')}" for stage in Stage if stages[stage])
        return f"{counts or 'nothing yet'}; {record.count} facts"

    def _table(self) -> Group:
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column(f"{self._seconds:.0f} s, {self._followed.count} facts", min_width=29, no_wrap=True)
        for stage in Stage:
            table.add_column(HEADINGS[stage], justify="right", no_wrap=True)
        for title, stages in self._by_title().items():
            table.add_row(title, *(str(stages[stage] or "") for stage in Stage))
        return Group(table, *self._ticker)

    def _by_title(self) -> dict[str, Counter[str]]:
        rows: dict[str, Counter[str]] = {script.title: Counter() for script in SCRIPTS.values()}
        for complaint_id, complaint in self._of.items():
            story = self._followed.stories[complaint_id]
            if story.facts:
                rows[SCRIPTS[complaint.life.script].title][story.stage] += 1
        return rows

    @property
    def _followed(self) -> Record:
        if self._record is None:
            raise RuntimeError("the screen follows no record yet")
        return self._record
