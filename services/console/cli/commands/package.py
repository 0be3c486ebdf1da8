"""`amends package`: the whole record of a complaint in one file, and its verification without a server."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from services.console.audit.package.archive import MANIFEST, read
from services.console.audit.package.blocks import sha256
from services.console.audit.package.gathering import package_of
from services.console.audit.package.verifying import Report, verified
from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document
from services.console.cli.usage import UsageError
from services.console.connection.nats import connected
from shared.client.failures import AmendsError

VERIFY = "verify"

Target = Annotated[str, typer.Argument(metavar="ID|verify", help="A complaint id, or `verify`.")]
File = Annotated[Path | None, typer.Argument(metavar="[FILE]", help="The package to verify.")]


@app.command()
def package(
    target: Target,
    file: File = None,
    out: Annotated[Path | None, typer.Option(help="Where to write it [ID.zip].", show_default=False)] = None,
    purpose: Annotated[
        str | None, typer.Option(help="Include the texts, for this purpose; each read is logged.")
    ] = None,
    as_actor: Annotated[str | None, typer.Option("--actor", "--as", metavar="ID", help="Who asks.")] = None,
    expected: Annotated[
        str | None, typer.Option("--sha256", metavar="HASH", help="The SHA-256 that was published for it.")
    ] = None,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Package the whole record of a complaint, hashed; `package verify FILE` checks one without a stack."""
    if target == VERIFY:
        if file is None:
            raise UsageError("Give the file: amends package verify FILE.")
        _verify(file, expected, as_json)
        return
    if file is not None or expected is not None:
        raise UsageError("A complaint takes no file: amends package ID [--out FILE].")
    if purpose and not as_actor:
        raise UsageError("--purpose needs --actor ID: each read of a text is logged with its reader.")
    data = asyncio.run(_made(directory, target, as_actor, purpose))
    path = out or Path(f"{target}.zip")
    path.write_bytes(data)
    digest = sha256(read(data)[MANIFEST][1])
    if as_json:
        document({"file": str(path), "bytes": len(data), "sha256": digest})
    else:
        print(f"{path}: {len(data)} bytes, SHA-256 of its manifest {digest}")


async def _made(directory: Path | None, complaint_id: str, actor: str | None, purpose: str | None) -> bytes:
    async with connected(directory) as client:
        return await package_of(client, complaint_id, actor, purpose)


def _verify(file: Path, expected: str | None, as_json: bool) -> None:
    """Print the report; exit status 1 if the package is not as it was made."""
    try:
        report = verified(file.read_bytes(), expected)
    except OSError as error:
        raise AmendsError(f"{file} cannot be read: {error.strerror}.", code="not_found") from None
    if as_json:
        document(_document(report))
    else:
        print("\n".join(_lines(report)))
    if report.faults:
        raise typer.Exit(1)


def _document(report: Report) -> dict[str, Any]:
    return report._asdict() | {"ok": not report.faults, "faults": [one._asdict() for one in report.faults]}


def _lines(report: Report) -> list[str]:
    if not report.faults:
        count = f"{report.files} files, {report.deadlines} deadlines recomputed"
        return [f"The package is as it was made: {count}. SHA-256 of its manifest {report.sha256}."]
    return [
        f"{one.file}: {one.what}." + ("" if one.offset is None else f" (byte {one.offset} of the file)")
        for one in report.faults
    ]
