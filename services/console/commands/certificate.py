"""`amends certificate`: what is on record of each deadline of a complaint, for somebody else to recompute."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from services.console.app import ComplaintArg, Debug, Dir, Json, app
from services.console.durations import instant_text
from services.console.failure import ConsoleFailure
from services.console.messages import connected
from services.console.output import terminal
from services.console.proofs import Proofs
from services.console.verifier.given import text_of
from shared.contract.certificates import Certificate

COLUMNS = ("deadline", "policy", "calendar", "budget", "started", "due", "outcome", "ended")


@app.command()
def certificate(
    complaint_id: ComplaintArg,
    obligation: Annotated[str | None, typer.Option(help="Only the deadlines of this name.")] = None,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Show the certificate of every deadline of a complaint; with --json as `amends verify` takes it."""
    found = asyncio.run(_read(directory, complaint_id))
    chosen = [one for one in found if obligation in (None, one["obligation"])]
    if not chosen:
        names = ", ".join(dict.fromkeys(one["obligation"] for one in found)) or "none"
        raise ConsoleFailure(
            f"This complaint has no deadline {obligation!r}. There are: {names}.", code="not_found"
        )
    if as_json:
        sys.stdout.write(text_of(chosen))
    else:
        terminal().print(_table([Certificate.model_validate(one) for one in chosen]))


async def _read(directory: Path | None, complaint_id: str) -> list[dict[str, Any]]:
    async with connected(directory) as client:
        return await Proofs(client).certificates(complaint_id)


def _table(certificates: list[Certificate]) -> Table:
    table = Table(title=f"Deadlines of {certificates[0].complaint_id}", title_justify="left")
    for column in COLUMNS:
        table.add_column(column, overflow="fold")
    for one in certificates:
        table.add_row(*_cells(one))
    return table


def _cells(one: Certificate) -> list[str]:
    budget = f"{one.budget.amount} {one.budget.clock}" if one.budget else "named"
    parts = {"pauses": len(one.pauses), "moves": len(one.moves), "warnings": len(one.warnings)}
    more = ", ".join(f"{count} {name}" for name, count in parts.items() if count)
    ended = f"{instant_text(one.ended_at)} by {one.ended_by} ({one.end_fact})" if one.ended_at else "—"
    return [
        f"{one.obligation} ({one.regime})" + (f" #{one.cycle}" if one.cycle > 1 else ""),
        f"{one.policy.id} {one.policy.hash}",
        f"{one.calendar.id} ({one.calendar.version})",
        budget,
        f"{instant_text(one.started_at)} by {one.started_by}",
        instant_text(one.due) + (" (provisional)" if one.provisional else ""),
        one.outcome + (f"; {more}" if more else ""),
        ended,
    ]
