"""`amends backup`: everything that an embedded stack holds on disk, as of one moment, in one file.

A running stack is copied once while it works, then its parts are held still while what changed meanwhile is
copied again: so all stores are of the same moment. Databases hold texts sealed, and streams are encrypted on
disk; the two keys that open them, `master.key` and `jetstream.key`, come along only if that is asked for.
"""

import hashlib
import io
import os
import shutil
import sqlite3
import tarfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from deploy.local.archive import MANIFEST, SECRETS, FileOf, Manifest, fingerprints
from deploy.local.failure import StackFailure
from deploy.local.freezing import frozen, living
from deploy.local.layout import Layout
from deploy.local.ownership import Ownership

Report = Callable[[str], None]
"""Receives the progress as a sentence."""

RACY_SECONDS = 2.0
"""Seconds before the copy in which a changed file may change again within the same tick of the clock."""

PARTS = ("clients.json", "db", "door", "keys", "master.key", "nats/store", "temporal")


def back_up(root: Path, target: Path, *, with_keys: bool, report: Report) -> Manifest:
    """Write `target`. Raises `StackFailure`, and leaves nothing behind then; `OSError` of a full disk."""
    layout = Layout(root.absolute())
    if not layout.databases.is_dir():
        raise StackFailure(
            f"There is no stack in {root}: name its directory with --dir. "
            f"{root} 中没有系统：请用 --dir 指定目录。"
        )
    if target.exists():
        raise StackFailure(
            f"{target} exists already, and is left as it is: name another file. "
            f"{target} 已存在，未改动：请换一个文件名。"
        )
    stage, partial = (
        target.with_name(f"{target.name}.{os.getpid()}.{end}") for end in ("staging", "partial")
    )
    try:
        stage.mkdir(mode=0o700, parents=True)
        seconds = _Copy(layout, stage, () if with_keys else SECRETS, report).run()
        facts = {file.stem: _checked(file) for file in sorted((stage / "db").glob("*.db"))}
        for file in sorted((stage / "temporal").glob("*.db")):
            _checked(file)
        manifest = _manifest(layout, stage, facts, seconds, with_keys=with_keys)
        _write(stage, partial, manifest, report)
        os.link(partial, target)  # fails if another process made it meanwhile
    finally:
        partial.unlink(missing_ok=True)
        shutil.rmtree(stage, ignore_errors=True)
    return manifest


class _Copy:
    """Copy of all files except the `left_out`, in one pass or two."""

    def __init__(self, layout: Layout, stage: Path, left_out: Collection[str], report: Report) -> None:
        self._layout = layout
        self._stage = stage
        self._left_out = left_out
        self._report = report
        self._copied: dict[Path, tuple[int, int]] = {}

    def run(self) -> float:
        """Copy, and return for how many seconds the parts were stopped."""
        ownership = Ownership(self._layout)
        try:
            ownership.take()
        except StackFailure:  # it runs
            self._pass()
            began = time.monotonic()
            with frozen(living(self._layout)):
                self._pass()
            return time.monotonic() - began
        try:
            self._pass()
            return 0.0
        finally:
            ownership.give_back()

    def _pass(self) -> None:
        """Copy what is new or has changed since it was copied, and forget what is gone."""
        present = {path for path in self._files() if self._take(path)}
        for gone in self._copied.keys() - present:
            (self._stage / gone).unlink(missing_ok=True)
            del self._copied[gone]

    def _take(self, relative: Path) -> bool:
        """Copy one file if it has changed; False if it is gone."""
        path, target = self._layout.root / relative, self._stage / relative
        try:
            found = path.stat()
            mark = (found.st_mtime_ns, found.st_size)
            if self._copied.get(relative) != mark:
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                shutil.copyfile(path, target)
                racy = time.time() - found.st_mtime < RACY_SECONDS
                self._copied[relative] = (0, 0) if racy else mark
        except FileNotFoundError:
            return False
        self._report(f"{len(self._copied)} files copied")
        return True

    def _files(self) -> Iterator[Path]:
        """Files of the parts on disk. The shared memory of a database is left out, since it is made anew."""
        root = self._layout.root
        for part in PARTS:
            place = root / part
            for one in sorted(place.rglob("*")) if place.is_dir() else [place]:
                relative = one.relative_to(root)
                wanted = str(relative) not in self._left_out and not one.name.endswith("-shm")
                if wanted and one.is_file():
                    yield relative


def _checked(file: Path) -> int:
    """Close a copied database, and see that it is whole; how many facts its log holds.

    Raises `StackFailure`.
    """
    try:
        with closing(sqlite3.connect(file)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (said,) = database.execute("PRAGMA quick_check").fetchone()
            if said != "ok":
                raise sqlite3.DatabaseError(said)
            log = "SELECT count(*) FROM sqlite_master WHERE name = 'recorded_fact'"
            if not database.execute(log).fetchone()[0]:
                return 0
            return int(database.execute("SELECT count(*) FROM recorded_fact").fetchone()[0])
    except sqlite3.Error as error:
        raise StackFailure(
            f"The database {file.name} is damaged ({error}): nothing was written. "
            f"数据库 {file.name} 已损坏（{error}）：未写入备份。"
        ) from error


def _manifest(
    layout: Layout, stage: Path, facts: dict[str, int], seconds: float, *, with_keys: bool
) -> Manifest:
    files = {str(one.relative_to(stage)): _hashed(one) for one in sorted(stage.rglob("*")) if one.is_file()}
    return Manifest(
        made_at=datetime.now(UTC),
        amends=version("amends"),
        keys=fingerprints(layout.root),
        with_keys=with_keys,
        held_still_seconds=round(seconds, 3),
        facts=facts,
        files=files,
    )


def _hashed(file: Path) -> FileOf:
    with file.open("rb") as content:
        return FileOf(size=file.stat().st_size, sha256=hashlib.file_digest(content, "sha256").hexdigest())


def _write(stage: Path, partial: Path, manifest: Manifest, report: Report) -> None:
    """Write the archive: the manifest first, then every file; durable when this returns."""
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as raw, tarfile.open(fileobj=raw, mode="w") as archive:
        body = manifest.model_dump_json(indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(body), 0o600
        archive.addfile(entry, io.BytesIO(body))
        for name in manifest.files:
            archive.add(stage / name, name, recursive=False, filter=_nobodys)
            report(f"{raw.tell() / 1e6:.0f} MB written")
        archive.close()
        raw.flush()
        os.fsync(raw.fileno())


def _nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the names of this machine."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o600
    return entry
