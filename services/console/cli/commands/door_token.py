"""`amends door-token`: let a publisher in at the HTTP door, or send it away; as in `amends client`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document
from services.console.cli.usage import UsageError
from services.console.connection.place import DEFAULT_DIRECTORY
from shared.client.failures import AmendsError
from shared.contract.clients import Kind
from shared.contract.errors import ErrorCode
from shared.runtime.clients import register as registers
from shared.runtime.clients.register import Register, UnusableRegister

CLIENTS_VARIABLE = "AMENDS_CLIENTS_FILE"
IN_DIRECTORY = Path("clients.json")


@app.command("door-token")
def door_token(
    name: Annotated[str, typer.Argument(help="The publisher: small letters, digits, `_` and `-`.")],
    source: Annotated[
        str | None, typer.Option(help="The CloudEvents source that it submits for, and all below it.")
    ] = None,
    only: Annotated[bool, typer.Option("--only", help="Revoke the former token.")] = False,
    revoke: Annotated[bool, typer.Option("--revoke", help="Revoke all tokens of the publisher.")] = False,
    file: Annotated[Path | None, typer.Option(help=f"The register of clients [{CLIENTS_VARIABLE}].")] = None,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Print a new token of a publisher, once: only its hash is kept. A running door accepts it at once."""
    if revoke == (source is not None):
        raise UsageError("Give either --source, for a new token, or --revoke.")
    path = file or _file(directory)
    token = registers.new_token() if source is not None else None
    try:
        with registers.held(path):
            known = registers.read_or_empty(path)
            changed = (
                _let_in(known, name, source, token, only=only) if token else _sent_away(known, name, path)
            )
            registers.write(path, changed)
    except (UnusableRegister, OSError) as error:
        raise AmendsError(f"{path}: {error}.", code=ErrorCode.MALFORMED) from error
    _print_result(name, source, token, as_json)


def _file(directory: Path | None) -> Path:
    """File of the stack that is meant; the stack need not run."""
    named = os.environ.get(CLIENTS_VARIABLE)
    if directory is None and named:
        return Path(named)
    return (directory or Path(os.environ.get("AMENDS_DIR") or DEFAULT_DIRECTORY)) / IN_DIRECTORY


def _let_in(known: Register, name: str, source: str | None, token: str, *, only: bool) -> Register:
    """Register with one more token for the publisher, and this source as its only source."""
    before = known.get(name)
    tokens = registers.renewed(before.tokens_sha256 if before else [], registers.digest(token), only=only)
    entry = {"sources": [source], "tokens_sha256": tokens, "revoked": False}
    if before is None:
        return known.having(name=name, kind=Kind.PUBLISHER, **entry)
    return known.changed(name, **entry)


def _sent_away(known: Register, name: str, path: Path) -> Register:
    """Without its tokens; a publisher that has no key either is revoked."""
    found = known.get(name)
    if found is None or not found.tokens_sha256:
        raise AmendsError(f"No publisher {name!r} has a token in {path}.", code="not_found")
    return known.changed(name, tokens_sha256=[]) if found.keys else known.revoke(name)


def _print_result(name: str, source: str | None, token: str | None, as_json: bool) -> None:
    if as_json:
        document({"ok": True, "publisher": name, "source": source, "token": token})
    else:
        print(token or f"{name} is let in no more.")
