"""`amends restore`: an archive of `amends backup` into an empty directory, or nothing at all."""

import hashlib
import os
import shutil
import tarfile
from pathlib import Path, PurePosixPath
from typing import IO

from pydantic import ValidationError

from deploy.local.archive import MANIFEST, SECRETS, Manifest, fingerprints
from deploy.local.backup import PARTS, Report
from deploy.local.failure import StackFailure

CHUNK = 1024 * 1024
MOST_MANIFEST = 64 * 1024 * 1024


def restore(file: Path, root: Path, *, keys_from: Path | None, report: Report) -> Manifest:
    """Fill `root`. Raises `StackFailure` or `OSError`, and leaves `root` as it was then."""
    root = root.absolute()
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise StackFailure(
            f"{root} is not empty, and is left as it is: name a directory that is empty or not there. "
            f"{root} 不是空目录，未改动：请指定空目录或尚不存在的目录。"
        )
    fresh = root.with_name(f"{root.name}.restoring")
    if fresh.exists():
        shutil.rmtree(fresh)
    try:
        fresh.mkdir(mode=0o700, parents=True)
        manifest = _unpack(file, fresh, report)
        _give_keys(manifest, fresh, keys_from)
        os.replace(fresh, root)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return manifest


def _unpack(file: Path, fresh: Path, report: Report) -> Manifest:
    try:
        with tarfile.open(file, "r:") as archive:
            first = archive.next()
            manifest = _manifest(archive, first)
            left, size = dict(manifest.files), 0
            while (member := archive.next()) is not None:
                listed = left.pop(member.name, None)
                content = archive.extractfile(member) if member.isreg() else None
                if listed is None or content is None or not _belongs(member.name):
                    raise _foreign(file, f"{member.name} is no part of it")
                if _copied(content, fresh / member.name) != listed.sha256:
                    raise _foreign(file, f"{member.name} was changed")
                size += listed.size
                report(f"{size / 1e6:.0f} MB restored")
    except (tarfile.TarError, ValidationError, EOFError) as error:
        raise _foreign(file, "it cannot be read as one") from error
    if left:
        raise _foreign(file, f"{min(left)} is missing")
    return manifest


def _manifest(archive: tarfile.TarFile, first: tarfile.TarInfo | None) -> Manifest:
    if first is None or first.name != MANIFEST or not first.isreg() or first.size > MOST_MANIFEST:
        raise tarfile.ReadError("no manifest")
    content = archive.extractfile(first)
    assert content is not None
    return Manifest.model_validate_json(content.read())


def _belongs(name: str) -> bool:
    """Whether a stack has such a file; nothing is written outside of its directory."""
    path = PurePosixPath(name)
    inside = not path.is_absolute() and ".." not in path.parts and str(path) == name
    return inside and any(path.is_relative_to(part) for part in PARTS)


def _copied(content: IO[bytes], target: Path) -> str:
    """Write a file for its owner alone; the digest of what was written."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _give_keys(manifest: Manifest, fresh: Path, keys_from: Path | None) -> None:
    """Copy the keys that decrypt the archive, if they are not in it. Without them a start would make other
    keys, of no use.
    """
    for name in SECRETS:
        if keys_from is not None and not (fresh / name).exists():
            places = (keys_from / name, keys_from / Path(name).name)
            if found := next((one for one in places if one.is_file()), None):
                with found.open("rb") as content:
                    _copied(content, fresh / name)
    there = fingerprints(fresh)
    for name, wanted in manifest.keys.items():
        if not {*wanted} <= {*there.get(name, [])}:
            raise StackFailure(
                f"The archive is sealed, and {Path(name).name} of its time is not in it: name the directory "
                "that has it with --keys-from. "
                f"备份已加密，其中没有当时的 {Path(name).name}：请用 --keys-from 指定存放目录。"
            )


def _foreign(file: Path, why: str) -> StackFailure:
    return StackFailure(
        f"{file} is no whole backup of Amends ({why}): nothing was restored. "
        f"{file} 不是完整的 Amends 备份：未恢复任何内容。"
    )
