"""`amends master-key`: a new key of keys, and the former ones away once nothing needs them."""

import asyncio
import base64
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.console.app import Debug, Dir, Json, app
from services.console.checks.keys import keys_of
from services.console.failure import ConsoleFailure
from services.console.messages import connected
from services.console.output import document
from services.console.place import DEFAULT_DIRECTORY
from shared.contract.subjects import Service
from shared.runtime.settings import replace_secret

if TYPE_CHECKING:
    from shared.runtime.texts.keeping import MasterKey

VARIABLE = "AMENDS_MASTER_KEY_FILE"
IN_DIRECTORY = "master.key"
File = Annotated[Path | None, typer.Option(help=f"The master key file [{VARIABLE}].")]

master_key = typer.Typer(no_args_is_help=True, help="The key that wraps the keys of all texts.")
app.add_typer(master_key, name="master-key")


@master_key.command()
def new(file: File = None, directory: Dir = None, as_json: Json = False, debug: Debug = False) -> None:
    """Put a new key in front of the others. Each service wraps its keys anew by it when it is restarted."""
    path = _file(file, directory)
    fresh = base64.b64encode(secrets.token_bytes(32))
    _write(path, b"\n".join([fresh, *_lines(path)]))
    _say(path, "the next start of each service wraps by it", as_json)


@master_key.command()
def drop(file: File = None, directory: Dir = None, as_json: Json = False, debug: Debug = False) -> None:
    """Take the former keys out of the file, once every service says that it needs none of them."""
    path = _file(file, directory)
    first, *former = _lines(path)
    if former:
        asyncio.run(_nobody_needs_them(directory, _read(path).id))
        _write(path, first)
    _say(path, "it is the only one left", as_json)


async def _nobody_needs_them(directory: Path | None, current: str) -> None:
    async with connected(directory) as client:
        for service in Service:
            keys = await keys_of(client, service)
            if keys is None:
                why = "does not answer: start it first"
            elif keys.master_key != current:
                why = "was started before the first key came: start it again first"
            elif keys.former:
                why = f"still needs them for {keys.former} complaints: wait for it"
            else:
                continue
            raise ConsoleFailure(f"The former keys stay: {service} {why}.")


def _file(given: Path | None, directory: Path | None) -> Path:
    """The file of the stack that is meant; it need not run."""
    named = os.environ.get(VARIABLE)
    if given or (directory is None and named):
        return given or Path(str(named))
    return (directory or Path(os.environ.get("AMENDS_DIR") or DEFAULT_DIRECTORY)) / IN_DIRECTORY


def _read(path: Path) -> "MasterKey":
    # SQLModel comes along and takes a third of a second: no other command shall wait for it.
    from shared.runtime.texts.keeping import MasterKey, UnusableMasterKey

    try:
        return MasterKey.from_file(path)
    except (UnusableMasterKey, OSError) as error:
        raise ConsoleFailure(f"{path}: {error}.") from error


def _lines(path: Path) -> list[bytes]:
    """The keys as they stand there, the first in force."""
    _read(path)
    return [line.strip() for line in path.read_bytes().splitlines() if line.strip()]


def _write(path: Path, content: bytes) -> None:
    try:
        replace_secret(path, content + b"\n")
    except OSError as error:
        raise ConsoleFailure(f"{path} cannot be written: {error.strerror}.") from error


def _say(path: Path, what: str, as_json: bool) -> None:
    key = _read(path)
    if as_json:
        document({"ok": True, "master_key": key.id, "former": key.former})
    else:
        print(f"Master key {key.id} is the first in {path}; {what}.")
