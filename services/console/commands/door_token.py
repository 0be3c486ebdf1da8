"""`amends door-token`: let a publisher in at the HTTP door, or send it away."""

import os
from pathlib import Path
from typing import Annotated

import typer

from services.console.app import Debug, Dir, Json, app
from services.console.failure import ConsoleFailure, Usage
from services.console.output import document
from services.console.place import DEFAULT_DIRECTORY
from shared.contract.errors import ErrorCode
from shared.runtime import publishers

TOKENS_VARIABLE = "AMENDS_DOOR_TOKENS_FILE"
IN_DIRECTORY = Path("door") / "tokens.json"


@app.command("door-token")
def door_token(
    name: Annotated[str, typer.Argument(help="The publisher: small letters, digits, `.`, `_` and `-`.")],
    source: Annotated[
        str | None, typer.Option(help="The CloudEvents source that it speaks for, and all below it.")
    ] = None,
    only: Annotated[bool, typer.Option("--only", help="The token before is good no more.")] = False,
    revoke: Annotated[bool, typer.Option("--revoke", help="Send the publisher away.")] = False,
    file: Annotated[Path | None, typer.Option(help=f"The file of publishers [{TOKENS_VARIABLE}].")] = None,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Print a new token of a publisher, once: only its hash is kept. A running door hears of it at once."""
    if revoke == (source is not None):
        raise Usage("Give either --source, for a new token, or --revoke.")
    path = file or _file(directory)
    try:
        known = publishers.read(path) if path.exists() else publishers.Publishers()
        if source is None:
            _send_away(path, known, name)
            token = None
        else:
            token = publishers.new_token()
            publishers.write(path, known.with_token(name, source, token, only=only))
    except (publishers.UnusableTokens, OSError) as error:
        raise ConsoleFailure(f"{path}: {error}.", code=ErrorCode.MALFORMED) from error
    _say(name, source, token, as_json)


def _file(directory: Path | None) -> Path:
    """The file of the stack that is meant; it need not run."""
    named = os.environ.get(TOKENS_VARIABLE)
    if directory is None and named:
        return Path(named)
    return (directory or Path(os.environ.get("AMENDS_DIR") or DEFAULT_DIRECTORY)) / IN_DIRECTORY


def _send_away(path: Path, known: publishers.Publishers, name: str) -> None:
    left = known.without(name)
    if len(left.publishers) == len(known.publishers):
        raise ConsoleFailure(f"No publisher {name!r} is in {path}.", code="not_found")
    publishers.write(path, left)


def _say(name: str, source: str | None, token: str | None, as_json: bool) -> None:
    if as_json:
        document({"ok": True, "publisher": name, "source": source, "token": token})
    else:
        print(token or f"{name} is let in no more.")
