"""A part's log is turned over while the part runs."""

import sys
from pathlib import Path

import pytest

from deploy.local import child as children
from deploy.local.child import Child, StartCommand
from deploy.local.log_file import LogFile


def test_a_log_is_turned_over_at_its_limit_and_keeps_whole_lines(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "part.log", most=50)
    for number in range(20):
        log.write(f"line {number:02}\n".encode())
    assert (tmp_path / "part.log").stat().st_size <= 50
    assert log.former.stat().st_size <= 50
    kept = log.former.read_text() + (tmp_path / "part.log").read_text()
    assert kept.splitlines() == [f"line {number:02}" for number in range(20)][-len(kept.splitlines()) :]


def test_lines_that_a_full_disk_delayed_are_written_when_there_is_room(tmp_path: Path) -> None:
    (tmp_path / "part.log").mkdir()  # no file can be written there
    log = LogFile(tmp_path / "part.log")
    log.write(b"gone\n")
    (tmp_path / "part.log").rmdir()
    log.write(b"kept\n")
    assert (tmp_path / "part.log").read_text().splitlines() == [
        "5 bytes of this log were lost: the disk was full",
        "kept",
    ]


async def test_a_running_part_that_prints_without_end_fills_no_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "LogFile", lambda path: LogFile(path, most=10_000))
    program = "for n in range(20000): print('line', n)\nprint('the end')"
    order = StartCommand(
        "printer",
        (sys.executable, "-c", program),
        {},
        tmp_path,
        tmp_path / "printer.log",
        tmp_path / "printer.pid",
    )
    printer = Child(order, lambda part, sentence: None)
    process = await printer._spawn()
    await process.wait()
    assert printer._logging is not None
    await printer._logging
    logs = contents(tmp_path)
    assert [len(log) <= 10_000 + children.CHUNK_BYTES for log in logs.values()] == [True, True]
    assert logs["printer.log"].endswith("the end\n")


def contents(directory: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in directory.glob("*.log*")}
