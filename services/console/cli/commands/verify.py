"""`amends verify`: recompute certificates from the stream and the policies, and report what differs."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from nats.aio.client import Client

from services.console.audit.proofs import Proofs, every_complaint
from services.console.audit.verifier.comparing import Verdict
from services.console.audit.verifier.given import NotAsWritten, certificates_in
from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document
from services.console.cli.usage import UsageError
from services.console.connection.nats import connected
from shared.client.failures import AmendsError
from shared.named_file import Unreadable, read_named_text

MOST_BYTES = 256 * 1024 * 1024
"""Limit for a file of certificates, which may hold those of many complaints."""

File = Annotated[
    Path | None,
    typer.Option(
        "--certificates",
        metavar="FILE",
        help="Verify the certificates in this file of `amends certificate --json`.",
    ),
]


@app.command()
def verify(
    complaint_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="The complaint id.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every complaint, also closed.")] = False,
    certificates: File = None,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Recompute deadlines from the facts alone; exit status 1 if one differs from its certificate."""
    if (complaint_id is not None) + all_ + (certificates is not None) != 1:
        raise UsageError("Give one of these: an ID, --all, or --certificates FILE.")
    tally = asyncio.run(_verify(directory, complaint_id, certificates, show=not as_json))
    if as_json:
        document(tally.document)
    else:
        print(f"{tally.checked} deadlines recomputed, {len(tally.wrong)} not as they should be.")
    if tally.wrong:
        raise typer.Exit(1)


class Tally:
    """Number of recomputed certificates, and the wrong verdicts; right verdicts are only counted."""

    def __init__(self) -> None:
        self.checked = 0
        self.wrong: list[Verdict] = []

    def add(self, verdict: Verdict) -> None:
        self.checked += 1
        if not verdict.ok:
            self.wrong.append(verdict)

    @property
    def document(self) -> dict[str, object]:
        """Counts and wrong verdicts, for programs."""
        return {"ok": not self.wrong, "checked": self.checked, "wrong": [asdict(one) for one in self.wrong]}


async def _verify(
    directory: Path | None, complaint_id: str | None, file: Path | None, *, show: bool
) -> Tally:
    given = _read(file) if file else None
    tally = Tally()
    async with connected(directory) as client:
        async for verdict in _verdicts(client, complaint_id, given):
            tally.add(verdict)
            if show:
                print(_line(verdict))
    return tally


async def _verdicts(
    client: Client, complaint_id: str | None, given: dict[str, list[dict[str, object]]] | None
) -> AsyncIterator[Verdict]:
    """Complaint by complaint; `given` alone where there is a file."""
    proofs = Proofs(client)
    for one, certificates in (given or {}).items():
        for verdict in await proofs.or_unreadable(one, proofs.judge(one, certificates, complete=False)):
            yield verdict
    if complaint_id:
        for verdict in await proofs.judged(await proofs.own_case(complaint_id)):
            yield verdict
    elif given is None:
        async for one in every_complaint(client):
            for verdict in await proofs.or_unreadable(one, proofs.judged(one)):
                yield verdict


def _read(file: Path) -> dict[str, list[dict[str, object]]]:
    """Certificates of a file, by complaint. A file without certificates proves nothing, and is refused."""
    try:
        found = certificates_in(read_named_text(file, MOST_BYTES))
    except Unreadable as error:
        raise UsageError(f"{file} cannot be read: {error.why}.") from None
    except NotAsWritten as error:
        raise AmendsError(f"{file}: {error}.", code="not_as_written") from None
    if not found:
        raise AmendsError(f"{file}: there is no certificate in it.", code="no_certificates")
    by_complaint: dict[str, list[dict[str, object]]] = {}
    for one in found:
        by_complaint.setdefault(one["complaint_id"], []).append(one)
    return by_complaint


def _line(verdict: Verdict) -> str:
    cycle = f" #{verdict.cycle}" if verdict.cycle > 1 else ""
    what = f"{verdict.complaint_id} {verdict.obligation}{cycle}"
    if verdict.ok:
        return f"ok       {what}: {verdict.outcome}"
    return "\n".join([f"DIFFERS  {what}", *(f"         {fault}" for fault in verdict.faults)])
