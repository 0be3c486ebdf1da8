"""Output of the figures, for people and for programs."""

import json
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.figures import Change, Comparison, Count, Figure, Least

COLUMNS = ("", "Amends", "bare", "ratio", "aim", "")


def print_table(console: Console, figures: list[Figure]) -> None:
    """Print a line per figure, medians with the runs they come from."""
    table = Table(title="Amends beside the bare libraries, medians in the same run")
    for column in COLUMNS:
        table.add_column(column, justify="left" if column == "" else "right")
    for figure in figures:
        table.add_row(*_cells(figure), "reached" if figure.reached else "[yellow]not reached[/yellow]")
    console.print(table)
    for figure in figures:
        if isinstance(figure, Comparison):
            console.print(f"{figure.name}, each run: {_runs(figure.ours)}; bare {_runs(figure.bare)}")


def print_json(figures: list[Figure]) -> None:
    """Print the figures as one JSON document on standard output."""
    print(json.dumps({"figures": [_plain(figure) for figure in figures]}, indent=2))


def _cells(figure: Figure) -> tuple[str, str, str, str, str]:
    name = f"{figure.name} ({figure.unit})"
    if isinstance(figure, Count):
        beside = "" if figure.bare is None else f"{figure.bare:,.4g}"
        return name, f"{figure.ours:,.4g}", beside, "", f"≤ {figure.most:g}"
    if isinstance(figure, Least):
        return name, f"{figure.ours:,.4g}", "", "", f"≥ {figure.least:g}"
    if isinstance(figure, Change):
        both = f"{figure.early:,.3g} → {figure.late:,.3g}"
        return name, both, "", f"{figure.ratio:.2f}", f"≤ {figure.most:g}"
    ours, bare = median(figure.ours), median(figure.bare)
    return name, f"{ours:,.4g}", f"{bare:,.4g}", f"{figure.ratio:.2f}", f"≥ {figure.aim:g}"


def _runs(values: list[float]) -> str:
    return ", ".join(f"{value:,.4g}" for value in values)


def _plain(figure: Figure) -> dict[str, Any]:
    plain: dict[str, Any] = {"name": figure.name, "unit": figure.unit, "reached": figure.reached}
    if isinstance(figure, Count):
        return plain | {"ours": figure.ours, "bare": figure.bare, "most": figure.most}
    if isinstance(figure, Least):
        return plain | {"ours": figure.ours, "least": figure.least}
    if isinstance(figure, Change):
        values = {"early": figure.early, "late": figure.late}
        return plain | values | {"ratio": figure.ratio, "most": figure.most}
    return plain | {
        "ours": median(figure.ours),
        "bare": median(figure.bare),
        "ratio": figure.ratio,
        "aim": figure.aim,
        "runs": {"ours": figure.ours, "bare": figure.bare},
    }
