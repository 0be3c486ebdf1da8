"""Policy pack in force, on a terminal."""

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from shared.contract.queries import PolicyView

MOST_COLUMNS = 8


def pack_view(view: PolicyView) -> RenderableType:
    """Identity, then one table each for obligations, standards, remedies, teams and staff."""
    head = Text.assemble(("policy 策略 ", "dim"), (view.policy.id, "bold"), f"  {view.policy.hash}")
    staff = [person.model_dump() for person in view.staff]
    parts = [
        ("Obligations 时限", view.obligations),
        ("Standards 标准", view.standards),
        ("Remedies 补救", view.remedies),
        ("Teams 团队", view.teams),
        ("Staff 人员", staff),
    ]
    return Group(head, *(_table(title, rows) for title, rows in parts))


def _table(title: str, rows: list[dict[str, Any]]) -> Table:
    columns = list(dict.fromkeys(name for row in rows for name in row))[:MOST_COLUMNS]
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(row.get(column))) for column in columns))
    return table


def _cell(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, list):
        return " ".join(_cell(item) for item in value)
    if isinstance(value, dict) and value.keys() == {"zh", "en"}:
        return f"{value['en']} {value['zh']}"
    if isinstance(value, dict) and value.keys() == {"clock", "amount"}:
        return f"{value['amount']} {value['clock']}"
    if isinstance(value, dict):
        return " ".join(f"{name}={_cell(item)}" for name, item in value.items() if item is not None)
    return str(value)
