"""`amends fairness`: disparity between groups of ended complaints."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document, terminal
from services.console.connection.nats import connected
from shared.client.requests import result_of
from shared.contract.queries import FairnessQuery, FairnessReport


@app.command()
def fairness(
    by: Annotated[str, typer.Option(help="owner, team, language, channel, category or severity.")] = "owner",
    measure: Annotated[str, typer.Option(help="outcome, process or treatment.")] = "outcome",
    since: Annotated[str | None, typer.Option(help="First receipt, RFC 3339.", show_default=False)] = None,
    until: Annotated[str | None, typer.Option(help="End of the receipts.", show_default=False)] = None,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Compare the fairness of groups of ended complaints, with intervals; groups below 5 are left out."""
    wanted = {"by": by, "measure": measure, "since": since, "until": until}
    found = asyncio.run(_ask(directory, {name: one for name, one in wanted.items() if one}))
    if as_json:
        document(found)
        return
    terminal().print(_table(FairnessReport.model_validate(found)))


async def _ask(directory: Path | None, wanted: dict[str, Any]) -> dict[str, Any]:
    async with connected(directory) as client:
        return await result_of(client, FairnessQuery.NAME, wanted)


def _table(report: FairnessReport) -> Table:
    table = Table(report.by, "complaints 件数", "mean 均值", "difference 差异", "interval 区间", "found 发现")
    table.title = f"{report.measure} 公平, {report.level:.0%}"
    for one in report.groups:
        span = f"{one.low:+.3f} … {one.high:+.3f}"
        mark = "differs 有差异" if one.found else "—"
        table.add_row(one.group, str(one.complaints), f"{one.mean:.3f}", f"{one.difference:+.3f}", span, mark)
    return table
