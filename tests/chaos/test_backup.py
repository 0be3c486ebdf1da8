"""A running stack is backed up, destroyed and restored elsewhere: every life goes on from the backup."""

import asyncio
import shutil
import sys
from pathlib import Path

import pytest

from deploy.local.stack import Stack
from tests.amends_command import Ran, amends
from tests.chaos.lost_stores import (
    NUMBERS,
    assert_sound,
    at_rest,
    begun,
    outside_of,
    run,
    to_their_ends,
)

TITLE = "手机频繁死机"
"""What every complaint of these lives says."""


@pytest.fixture
async def places(tmp_path: Path) -> tuple[Path, Path, Path]:
    """The directory that is lost, the archive, the directory that comes after."""
    return tmp_path / "lost", tmp_path / "amends.tar", tmp_path / "after"


async def test_a_running_stack_is_backed_up_destroyed_and_goes_on_elsewhere(
    places: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    lost, archive, after = places
    stack, safe = Stack(lost, with_board=False), tmp_path / "safe"
    await stack.start()
    try:
        lives = await begun(stack)
        made = await run(stack, "backup", str(archive), "--json")
        assert (made.status, made.document["with_keys"]) == (0, False), made.err
        assert made.document["held_still_seconds"] < 30
        assert made.document["facts"]["routing"] > 50
        again = await run(stack, "backup", str(archive))
        assert (again.status, "exists already" in again.err, "已存在" in again.err) == (1, True, True)
        async with outside_of(stack) as outside:
            await outside.until(await outside.submit(), "assigned")
    finally:
        await stack.stop()
    safe.mkdir()
    for key in (stack.layout.master_key, stack.layout.keys / "jetstream.key"):
        shutil.copy(key, safe)
        assert key.read_bytes().strip() not in archive.read_bytes()
    assert TITLE.encode() not in archive.read_bytes()
    shutil.rmtree(lost)
    sealed = await amends("restore", str(archive), "--dir", str(after))
    assert (sealed.status, "--keys-from" in sealed.err, after.exists()) == (1, True, False)
    filled = await amends("restore", str(archive), "--keys-from", str(safe), "--dir", str(after))
    assert filled.status == 0, filled.err
    once = await amends("restore", str(archive), "--keys-from", str(safe), "--dir", str(after))
    assert (once.status, "not empty" in once.err) == (1, True)
    restored = Stack(after, with_board=False)
    await restored.start()
    try:
        await at_rest(restored)
        await assert_sound(restored, lives)
        await to_their_ends(restored, lives)
        await at_rest(restored)
        await assert_sound(restored, lives)
        text = await _text_of(restored, lives.named["fresh"])
        assert text == TITLE
    finally:
        await restored.stop()


async def test_a_stopped_stack_is_backed_up_and_what_is_no_whole_backup_is_refused(
    places: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    lost, archive, after = places
    stack = Stack(lost, with_board=False)
    await stack.start()
    async with outside_of(stack) as outside:
        complaint = await outside.submit()
        await outside.until(complaint, "assigned")
    await stack.stop()
    made = await run(stack, "backup", str(archive), "--with-master-key", "--json")
    assert (made.status, made.document["held_still_seconds"]) == (0, 0.0)
    full = await _with_small_files("backup", str(tmp_path / "full.tar"), "--dir", str(lost))
    assert (full.status, "is full" in full.err, "磁盘已满" in full.err) == (1, True, True)
    assert _names(tmp_path) == ["amends.tar", "lost"], "nothing is left of what did not succeed"
    for broken in _broken(archive, tmp_path):
        refused = await amends("restore", str(broken), "--dir", str(after))
        assert (refused.status, "no whole backup" in refused.err) == (1, True), broken
        assert "不是完整的" in refused.err
        assert not after.exists()
    assert (await amends("restore", str(tmp_path / "none"), "--dir", str(after))).status == 1
    assert (await amends("backup", str(tmp_path / "x"), "--dir", str(after))).status == 1
    assert (await amends("restore", str(archive), "--dir", str(after))).status == 0
    restored = Stack(after, with_board=False)
    await restored.start()
    await restored.stop()


def _names(directory: Path) -> list[str]:
    return sorted(one.name for one in directory.iterdir())


def _broken(archive: Path, tmp_path: Path) -> list[Path]:
    """One with another byte, one cut off, one of something else."""
    body = archive.read_bytes()
    place = body.index(b"SQLite format 3")
    bodies = {
        "changed": body[:place] + b"sqlite" + body[place + 6 :],
        "cut": body[: len(body) // 2],
        "text": b"no archive\n" * 1000,
        "empty": b"",
    }
    for name, content in bodies.items():
        (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in bodies]


async def _with_small_files(*words: str) -> Ran:
    """The command with a system that lets no file grow over 100 kB, as a full disk does."""
    start = "import resource, runpy; resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))"
    code = f"{start}; runpy.run_module('services.console', run_name='__main__')"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code, *words),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    out, err = await process.communicate()
    return Ran(process.returncode or 0, out.decode(), err.decode())


async def _text_of(stack: Stack, complaint: str) -> str:
    async with outside_of(stack) as outside:
        refs = (await outside.query("complaint", complaint_id=complaint))["text_refs"]
        owner = (await outside.query("complaint", complaint_id=complaint))["owner"]
        asked = {"text_ref": refs["title"], "actor": {"id": owner}, "purpose": f"drill {next(NUMBERS)}"}
        return str((await outside.query("text", **asked))["text"])
