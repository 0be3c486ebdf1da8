"""Worklists on a terminal: `list` and `watch`."""

from datetime import UTC, datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from services.console.display.durations import instant_text, short_text
from services.console.display.wording import FACTS, OUTCOMES, STAGES, both
from shared.client.facts import PublishedFact, clock_of
from shared.contract.queries import WorkItem

COLUMNS = ("id", "stage 阶段", "sev 级", "owner 责任人", "next 下一时限", "due in", "last fact")

STEP_COLUMNS = ("id", "sev 级", "due in", "what to do 下一步")
NARROW = 120
"""Width of a terminal below which a table has the next steps in place of the other columns."""
UNSURE = "unsure 不确定"
"""Mark of a row whose category a person should look at."""

ID_LENGTH = 16
"""Characters of a complaint id."""

_SEVERITY = {1: "dim", 2: "", 3: "yellow", 4: "red", 5: "bold red"}


def work_items(result: dict[str, Any]) -> list[WorkItem]:
    """Rows of a worklist page."""
    return [WorkItem.model_validate(item) for item in result.get("items", [])]


def due_in(due: datetime | None, now: datetime) -> Text:
    """Time left until `due`; red once it has passed, yellow in its last two hours."""
    if due is None:
        return Text("—", style="dim")
    left = due - now
    seconds = left.total_seconds()
    style = "bold red" if seconds < 0 else "yellow" if seconds < 7200 else "green"
    return Text(short_text(left), style=style)


def work_table(
    items: list[WorkItem], last: dict[str, PublishedFact], *, wall: datetime | None = None
) -> Table:
    """Table with a row per complaint, soonest due first."""
    table = Table(title=f"Complaints 投诉 ({len(items)})", title_justify="left", expand=False)
    for column in COLUMNS:
        # An id that is cut short is no id: other columns give way in a narrow terminal.
        whole = ID_LENGTH if column == COLUMNS[0] else None
        table.add_column(column, no_wrap=True, overflow="ellipsis", min_width=whole)
    wall = wall or datetime.now(UTC)
    for item in items:
        table.add_row(*_cells(item, last.get(item.complaint_id), wall))
    return table


def step_table(items: list[WorkItem], *, wall: datetime | None = None) -> Table:
    """Table with the next step of each complaint in words, for a terminal of 80 columns."""
    table = Table(title=f"Complaints 投诉 ({len(items)})", title_justify="left", expand=False)
    for column in STEP_COLUMNS[:-1]:
        table.add_column(column, no_wrap=True, min_width=ID_LENGTH if column == STEP_COLUMNS[0] else None)
    table.add_column(STEP_COLUMNS[-1], overflow="fold")
    wall = wall or datetime.now(UTC)
    for item in items:
        severity = Text(str(item.severity), style=_SEVERITY.get(item.severity, ""), justify="right")
        first = Text(item.complaint_id, style="bold")
        first.append(f"\n{both(STAGES, item.stage)}", style="dim")
        table.add_row(first, severity, due_in(item.next_due, wall), _steps(item), end_section=True)
    return table


def _steps(item: WorkItem) -> Text:
    """First step of each person, with their name."""
    shown = Text()
    first = {one.who: one for one in reversed(item.next_steps)}
    for one in reversed(first.values()):
        shown.append("\n" if shown else "")
        shown.append(f"{one.who}: ", style="bold").append(one.sentence["en"])
        shown.append(f"\n{one.sentence['zh']}", style="dim")
    return shown or Text("—", style="dim")


def _next(item: WorkItem, now: datetime) -> Text:
    """Obligation that runs out next, marked as overdue if it has run out and is still open."""
    if item.next_due is None or item.next_due >= now:
        return Text(item.next_obligation or "—")
    return Text(f"{item.next_obligation} overdue 已超时", style="bold red")


def _cells(item: WorkItem, last: PublishedFact | None, wall: datetime) -> list[Text]:
    stage = both(OUTCOMES, item.outcome) if item.outcome else both(STAGES, item.stage)
    stage += f" #{item.cycle}" if item.cycle > 1 else ""
    stage += f" {UNSURE}" if item.unsure else ""
    now = clock_of(last.time if last else None, wall)
    return [
        Text(item.complaint_id, style="bold"),
        Text(stage),
        Text(str(item.severity), style=_SEVERITY.get(item.severity, ""), justify="right"),
        Text(f"{item.owner} ({item.team})"),
        _next(item, now),
        due_in(item.next_due, now),
        Text(f"{both(FACTS, last.label_key)} {instant_text(last.time)}" if last else "—", style="dim"),
    ]
