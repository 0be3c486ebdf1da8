"""`amends certificate`: what is stored of each deadline of a complaint, for another party to recompute."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from services.console.audit.proofs import Proofs
from services.console.audit.verifier.given import text_of
from services.console.cli.app import ComplaintArg, Debug, Dir, Json, app
from services.console.connection.nats import connected
from services.console.display.durations import instant_text
from shared.client.failures import AmendsError
from shared.contract.queries import Certificate


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
        raise AmendsError(
            f"This complaint has no deadline {obligation!r}. There are: {names}.", code="not_found"
        )
    if as_json:
        sys.stdout.write(text_of(chosen))
    else:
        for one in chosen:
            print("\n".join(_lines(Certificate.model_validate(one))))


async def _read(directory: Path | None, complaint_id: str) -> list[dict[str, Any]]:
    async with connected(directory) as client:
        proofs = Proofs(client)
        return await proofs.certificates(await proofs.own_case(complaint_id))


def _lines(one: Certificate) -> list[str]:
    """Lines of a certificate, for people."""
    cycle = f" #{one.cycle}" if one.cycle > 1 else ""
    budget = f"{one.budget.amount} {one.budget.clock}" if one.budget else "an instant was named"
    lines = [
        f"{one.obligation} ({one.regime}){cycle}: {one.outcome}",
        f"  policy    {one.policy.id} {one.policy.hash}, calendar {one.calendar.id} ({one.calendar.version})",
        f"  budget    {budget}",
        f"  started   {instant_text(one.started_at)} by {one.started_by}, {one.start_fact}",
    ]
    for pause in one.pauses:
        end = instant_text(pause.end) if pause.end else "now"
        lines.append(f"  paused    {instant_text(pause.start)} to {end}")
    for move in one.moves:
        span = f"{instant_text(move.was)} to {instant_text(move.due)}"
        lines.append(f"  moved     {span}, {instant_text(move.at)} by {move.why}, {move.fact}")
    lines += [f"  warned    {instant_text(w.at)} at {w.percent} %, {w.fact}" for w in one.warnings]
    lines.append(f"  due       {instant_text(one.due)}{' (provisional)' if one.provisional else ''}")
    if one.breach_fact and one.breach_fact != one.end_fact:
        lines.append(f"  breached  {one.breach_fact}")
    if one.ended_at:
        lines.append(f"  ended     {instant_text(one.ended_at)} by {one.ended_by}, {one.end_fact}")
    return [*lines, f"  digest    {one.digest}"]
