"""A directory that the stack cannot have is refused in one sentence."""

from pathlib import Path

import pytest

from deploy.local.up import up


@pytest.mark.parametrize("below", ["", "stack", "two/levels"])
async def test_a_file_where_the_directory_must_be_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], below: str
) -> None:
    file = tmp_path / "notes.txt"
    file.touch()
    assert await up(file / below) == 1
    said = capsys.readouterr()
    assert said.err.endswith(" cannot be a directory, since a file is in its way: name another directory.\n")
    assert said.err.startswith(str(file))
    assert (said.out, file.read_bytes()) == ("", b"")


async def test_every_other_refusal_of_the_system_is_named_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lock").mkdir()
    assert await up(tmp_path) == 1
    assert capsys.readouterr().err == f"{tmp_path / 'lock'} cannot be used: is a directory.\n"
