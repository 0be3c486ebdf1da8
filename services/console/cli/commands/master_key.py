"""`amends master-key`: add a new master key; remove former master keys once no key is wrapped by them."""

import asyncio
import base64
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.console.audit.checks.keys import keys_of
from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document
from services.console.connection.nats import connected
from services.console.connection.place import DEFAULT_DIRECTORY
from shared.client.failures import AmendsError
from shared.contract.subjects import Service
from shared.named_file import Unreadable, read_named
from shared.runtime.settings import replace_secret

if TYPE_CHECKING:
    from shared.runtime.texts.master_key import MasterKey

VARIABLE = "AMENDS_MASTER_KEY_FILE"
IN_DIRECTORY = "master.key"
File = Annotated[Path | None, typer.Option(help=f"The master key file [{VARIABLE}].")]

master_key = typer.Typer(no_args_is_help=True, help="The key that wraps the keys of all texts.")
app.add_typer(master_key, name="master-key")


@master_key.command()
def new(file: File = None, directory: Dir = None, as_json: Json = False, debug: Debug = False) -> None:
    """Add a new key and put it in force: each service wraps by it as soon as it reads the file again.

    Where services have files of their own, `add` it to all of them first, and `promote` it then.
    """
    path = _file(file, directory)
    _write(path, b"\n".join([_fresh(), *_lines(path)]))
    _print_result(path, "each service reads it by itself, and wraps by it", as_json)


@master_key.command()
def add(file: File = None, directory: Dir = None, as_json: Json = False, debug: Debug = False) -> None:
    """Add a new key that is not in force: every service can read by it, and none wraps by it yet."""
    path = _file(file, directory)
    fresh = _fresh()
    _write(path, b"\n".join([*_lines(path), fresh]))
    _print_result(
        path, f"key {_named(fresh)} is added; copy the file to every service, then `promote`", as_json
    )


@master_key.command()
def promote(file: File = None, directory: Dir = None, as_json: Json = False, debug: Debug = False) -> None:
    """Put the last added key in force, once every process of every service can read it."""
    path = _file(file, directory)
    *others, last = _lines(path)
    if not others:
        raise AmendsError(
            f"No key is promoted: {_named(last)} is the only one in {path}; `add` one first.",
            code="no_other_key",
        )
    asyncio.run(_every_process_reads(directory, _named(last)))
    _write(path, b"\n".join([last, *others]))
    _print_result(path, "copy the file to every service; each reads it by itself, and wraps by it", as_json)


@master_key.command()
def drop(file: File = None, directory: Dir = None, as_json: Json = False, debug: Debug = False) -> None:
    """Remove the other keys from the file, once no service needs them."""
    path = _file(file, directory)
    first, *former = _lines(path)
    if former:
        asyncio.run(_are_unused(directory, _read(path).id))
        _write(path, first)
    _print_result(path, "it is the only one left", as_json)


def _fresh() -> bytes:
    return base64.b64encode(secrets.token_bytes(32))


def _named(line: bytes) -> str:
    from shared.runtime.texts.master_key import MasterKey

    return MasterKey(base64.b64decode(line)).id


async def _every_process_reads(directory: Path | None, key: str) -> None:
    async with connected(directory) as client:
        for service in Service:
            processes = await keys_of(client, service)
            if not processes:
                raise AmendsError(f"No key is promoted: {service} does not answer; start it first.")
            for one in processes:
                if key not in one.readable:
                    where = f"{service} ({one.process})"
                    raise AmendsError(
                        f"No key is promoted: {where} cannot read {key} yet; copy the file there."
                    )


async def _are_unused(directory: Path | None, current: str) -> None:
    async with connected(directory) as client:
        for service in Service:
            processes = await keys_of(client, service)
            if not processes:
                raise AmendsError(f"The former keys stay: {service} does not answer: start it first.")
            for keys in processes:
                if keys.master_key != current:
                    why = "has another file: copy the file there first"
                elif keys.former:
                    why = f"still needs them for {keys.former} complaints: wait for it"
                else:
                    continue
                raise AmendsError(f"The former keys stay: {service} {why}.")


def _file(given: Path | None, directory: Path | None) -> Path:
    """File of the stack that is meant; the stack need not run."""
    named = os.environ.get(VARIABLE)
    if given or (directory is None and named):
        return given or Path(str(named))
    return (directory or Path(os.environ.get("AMENDS_DIR") or DEFAULT_DIRECTORY)) / IN_DIRECTORY


def _read(path: Path) -> "MasterKey":
    # SQLModel comes along and takes a third of a second: no other command shall wait for it.
    from shared.runtime.texts.master_key import MasterKey, UnusableMasterKey

    try:
        return MasterKey.from_file(path)
    except Unreadable as error:
        raise AmendsError(f"{path}: {error.why}.") from error
    except UnusableMasterKey as error:
        raise AmendsError(f"{path}: {error}.") from error


def _lines(path: Path) -> list[bytes]:
    """Keys in the order of the file, the key in force first."""
    _read(path)
    return [line.strip() for line in read_named(path).splitlines() if line.strip()]


def _write(path: Path, content: bytes) -> None:
    try:
        replace_secret(path, content + b"\n")
    except OSError as error:
        raise AmendsError(f"{path} cannot be written: {error.strerror}.") from error


def _print_result(path: Path, what: str, as_json: bool) -> None:
    key = _read(path)
    if as_json:
        document({"ok": True, "master_key": key.id, "former": key.former})
    else:
        print(f"Master key {key.id} is the first in {path}; {what}.")
