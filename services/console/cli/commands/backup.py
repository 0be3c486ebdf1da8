"""`amends backup` and `amends restore`: an embedded stack in one file, and back."""

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.console.audit.rebuilding import ProgressLine
from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document
from services.console.connection.place import DEFAULT_DIRECTORY
from shared.client.failures import AmendsError

if TYPE_CHECKING:
    from deploy.local.archive import Manifest

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="A file that does not exist yet.")],
    with_master_key: Annotated[
        bool, typer.Option("--with-master-key", help="Include the keys that open it.")
    ] = False,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Write everything of a stack on this machine into one file, while it runs or is stopped."""
    from deploy.local.backup import back_up
    from deploy.local.failure import StackFailure

    progress = ProgressLine(not as_json)
    try:
        made = back_up(_root(directory), target, with_keys=with_master_key, report=progress.report)
    except StackFailure as failure:
        raise AmendsError(str(failure), code="not_backed_up") from failure
    except OSError as error:
        raise _refused(error, target, "not_backed_up") from error
    _print_result(made, target, as_json)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of `amends backup`.")],
    keys_from: Annotated[
        Path | None, typer.Option(help="A directory with master.key and jetstream.key of its time.")
    ] = None,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Fill an empty directory from a backup; `amends up` continues from there."""
    from deploy.local.failure import StackFailure
    from deploy.local.restore import restore as fill

    root, progress = _root(directory), ProgressLine(not as_json)
    try:
        made = fill(file, root, keys_from=keys_from, report=progress.report)
    except StackFailure as failure:
        raise AmendsError(str(failure), code="not_restored") from failure
    except OSError as error:
        raise _refused(error, root, "not_restored") from error
    if as_json:
        document({"ok": True, "directory": str(root), "made_at": made.made_at.isoformat()})
    else:
        print(
            f"{root} is as of {made.made_at:%Y-%m-%d %H:%M:%S} UTC. Start it with `amends up --dir {root}`,"
        )
        print("then look with `amends reconcile` and `amends verify --all`.")


def _root(directory: Path | None) -> Path:
    return directory or Path(os.environ.get("AMENDS_DIR") or DEFAULT_DIRECTORY)


def _refused(error: OSError, where: Path, code: str) -> AmendsError:
    """Error with the operating system's reason; no file is left behind."""
    if error.errno in FULL:
        said = (
            f"The disk with {where} is full: free some space, then run it again. "
            f"{where} 所在磁盘已满：请腾出空间后重试。"
        )
    else:
        place, why = error.filename or where, (error.strerror or "cannot be used").lower()
        said = f"{place} cannot be used: {why}. {place} 无法使用。"
    return AmendsError(said, code=code)


def _print_result(made: "Manifest", target: Path, as_json: bool) -> None:
    if as_json:
        document({"ok": True, "file": str(target), **made.model_dump(mode="json", exclude={"files"})})
        return
    print(f"{target}: {len(made.files)} files as of {made.made_at:%Y-%m-%d %H:%M:%S} UTC.")
    if made.held_still_seconds:
        print(f"The stack was paused for {made.held_still_seconds:.1f} s.")
    if not made.with_keys:
        print("It is sealed: master.key and keys/jetstream.key open it. Keep them in another place.")
        print("备份已加密：请另行妥善保存 master.key 与 keys/jetstream.key，否则无法读取。")
