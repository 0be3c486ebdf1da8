"""Deadlines that a migration moves, on a terminal: which complaints gain time and which lose it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from services.console.display.durations import instant_text, short_text
from shared.contract.queries import Migration, WouldMove


@dataclass
class MigrationReport:
    """Results for some complaints; `refused` gives by id the reason why a complaint cannot be migrated."""

    dry_run: bool
    done: list[Migration] = field(default_factory=list)
    refused: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def gains(self) -> int:
        """Number of deadlines that run out later."""
        return sum((move.gained_seconds or 0) > 0 for one in self.done for move in one.moves)

    @property
    def loses(self) -> int:
        """Number of deadlines that run out sooner."""
        return sum((move.gained_seconds or 0) < 0 for one in self.done for move in one.moves)

    @property
    def over_by_then(self) -> int:
        """Number of deadlines that would be over already, and so count from the migration."""
        return sum(move.over_by_then for one in self.done for move in one.moves)

    @property
    def cancelled(self) -> int:
        """Number of deadlines that end, because the new policy does not have them."""
        return sum(move.due is None for one in self.done for move in one.moves)

    @property
    def new(self) -> int:
        """Number of deadlines that only the new policy has."""
        return sum(move.was is None for one in self.done for move in one.moves)


def as_document(found: MigrationReport) -> dict[str, Any]:
    """Report for programs."""
    return {
        "dry_run": found.dry_run,
        "complaints": [one.model_dump(mode="json", exclude_none=True) for one in found.done],
        "refused": found.refused,
        "gains": found.gains,
        "loses": found.loses,
        "cancelled": found.cancelled,
        "new": found.new,
        "over_by_then": found.over_by_then,
    }


def as_text(found: MigrationReport) -> RenderableType:
    """Table with a row for each deadline that moves, then the sum."""
    table = Table(title="Migration 策略迁移", title_justify="left")
    for column in ("complaint", "obligation 时限", "was 原定", "now 新定", "gain 增减"):
        table.add_column(column, no_wrap=True)
    for one in found.done:
        for move in one.moves:
            table.add_row(Text(one.complaint_id, style="bold"), *(Text(cell) for cell in _cells(move)))
    moved = sum(bool(one.moves) for one in found.done)
    verb = "would be migrated" if found.dry_run else "migrated"
    lines = [f"{len(found.done)} complaints {verb}, deadlines of {moved} of them move"]
    lines.append(f"{found.gains} deadlines gain time, {found.loses} lose time")
    lines.append(f"{found.cancelled} deadlines are cancelled, {found.new} are new")
    if found.over_by_then:
        lines.append(f"{found.over_by_then} would be over already: they count from the migration (*)")
    lines += [f"{complaint}: {error['message']}" for complaint, error in found.refused.items()]
    if found.dry_run:
        lines.append("Nothing was changed.")
    return Group(table, *(Text(line) for line in lines))


def _cells(move: WouldMove) -> list[str]:
    was = instant_text(move.was) + (" ~" if move.was_provisional else "") if move.was else "—"
    due = instant_text(move.due) + (" ~" if move.provisional else "") if move.due else "cancelled 取消"
    return [move.obligation, was, due + (" *" if move.over_by_then else ""), _gain(move)]


def _gain(move: WouldMove) -> str:
    """Gained or lost time with its sign; a new deadline and a dropped deadline have none."""
    if move.gained_seconds is None:
        return "new 新增" if move.was is None else "—"
    if not move.gained_seconds:
        return "same, no longer provisional" if move.was_provisional else "same, provisional"
    sign = "+" if move.gained_seconds > 0 else "-"
    return sign + short_text(timedelta(seconds=abs(move.gained_seconds)))
