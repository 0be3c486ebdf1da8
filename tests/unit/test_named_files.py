"""A file that somebody names is a regular one of bounded size, or it is refused at once; nothing hangs."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.console.cli.app import app
from services.door.stamps import Stamps, UnusableKey
from shared.named_file import Unreadable, read_named, read_named_text
from shared.policy.loader import load_policy
from shared.policy.problems import PolicyError
from shared.runtime.clients.register import UnusableRegister
from shared.runtime.clients.register import read as read_register
from shared.runtime.texts.master_key import MasterKey

pytestmark = pytest.mark.timeout(20)

KINDS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a pipe": (os.mkfifo, "it is no regular file"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "it is no regular file"),
    "a directory": (Path.mkdir, "it is a directory"),
    "a socket": (lambda path: _socket(path), "the system cannot read it"),
    "a circle": (lambda path: path.symlink_to(path), "its links lead round in a circle"),
    "nothing": (lambda path: None, "there is no such file"),
    "too much": (lambda path: _sparse(path), "bytes"),
}


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path))


def _sparse(path: Path) -> None:
    """Gigabytes that take no room on the disk."""
    path.touch()
    os.truncate(path, 8 * 1024**3)


@pytest.fixture(params=KINDS)
def odd(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """A path, and why it cannot be read."""
    monkeypatch.chdir(tmp_path)
    make, why = KINDS[request.param]
    path = Path("odd.yaml")
    make(path)
    return tmp_path / path, why


def test_it_is_refused_with_the_reason_in_both_languages(odd: tuple[Path, str]) -> None:
    path, why = odd
    with pytest.raises(Unreadable) as error:
        read_named(path)
    assert why in error.value.why
    assert any("一" <= sign <= "鿿" for sign in error.value.why_zh)
    assert error.value.filename == str(path)


def test_no_more_than_the_limit_is_read(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x" * 100)
    assert read_named(file, 100) == b"x" * 100
    assert len(read_named(file, 10, whole=False)) <= 11
    with pytest.raises(Unreadable, match="more than 99 bytes"):
        read_named(file, 99)
    file.write_bytes(b"\xff")
    with pytest.raises(Unreadable, match="no text in UTF-8"):
        read_named_text(file)


def test_open_files_are_closed_whatever_they_are(odd: tuple[Path, str]) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        with pytest.raises(Unreadable):
            read_named(odd[0])
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_pack_of_such_files_is_refused_at_once(odd: tuple[Path, str], tmp_path: Path) -> None:
    path, _ = odd
    if not os.path.lexists(path):
        path.write_text("nonsense")
    with pytest.raises(PolicyError) as error:
        load_policy(str(tmp_path))
    assert error.value.problems[0].file == "odd.yaml"


def test_keys_and_registers_of_such_files_are_refused_at_once(odd: tuple[Path, str]) -> None:
    path, why = odd
    with pytest.raises(UnusableKey):
        Stamps.from_file(path)
    with pytest.raises(Unreadable):
        MasterKey.from_file(path)
    with pytest.raises(UnusableRegister, match=why):
        read_register(path)


@pytest.mark.parametrize(
    "words",
    [
        ["submit", "{}"],
        ["verify", "--file", "{}"],
        ["master-key", "promote", "--file", "{}"],
        ["client", "list", "--file", "{}"],
        ["policy", "check", "{}"],
    ],
    ids=lambda words: words[0],
)
def test_commands_refuse_them_at_once(odd: tuple[Path, str], words: list[str]) -> None:
    path, _ = odd
    if not os.path.lexists(path):
        path.write_text("nonsense")
    ran = CliRunner().invoke(app, [word.format(path) for word in words])
    assert ran.exit_code in (1, 2)
    assert ran.exception is None or not isinstance(ran.exception, OSError)


def test_one_key_alone_is_not_promoted(tmp_path: Path) -> None:
    """It said the same as a promotion."""
    path = tmp_path / "master.key"
    path.write_text("a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=")
    ran = CliRunner().invoke(app, ["master-key", "promote", "--file", str(path)])
    assert ran.exit_code == 1
    assert "is the only one in" in ran.output
