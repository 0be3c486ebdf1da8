"""Reading a file that a person or a setting names: a regular one, and no more of it than it may have.

A device never ends, a pipe keeps its reader waiting, and a log of gigabytes fills the memory. So the file is
opened without waiting, looked at, and read up to its limit.
"""

import errno
import os
import stat
from pathlib import Path

SECRET_BYTES = 64 * 1024
"""Enough for keys, seeds, tokens and certificates; a bundle of authorities has its own limit."""

BUNDLE_BYTES = 4 * 1024 * 1024

WORDS = {
    errno.ENOENT: ("there is no such file", "没有该文件"),
    errno.ENOTDIR: ("there is no such file", "没有该文件"),
    errno.EACCES: ("there is no permission to read it", "没有读取权限"),
    errno.EPERM: ("there is no permission to read it", "没有读取权限"),
    errno.EISDIR: ("it is a directory", "它是目录"),
    errno.ELOOP: ("its links lead round in a circle", "其链接成环"),
    errno.ENAMETOOLONG: ("its name is too long", "文件名过长"),
    errno.EIO: ("the disk cannot read it", "磁盘读取失败"),
}
OTHERWISE = ("the system cannot read it", "系统无法读取")


class Unreadable(OSError):
    """Raised for a file that cannot be read, or must not be. `why` and `why_zh` give the reason, without its
    name.
    """

    def __init__(self, number: int, why: str, why_zh: str, path: Path) -> None:
        super().__init__(number, why, str(path))
        self.why = why
        self.why_zh = why_zh


def read_named(path: Path, most: int = SECRET_BYTES, *, whole: bool = True) -> bytes:
    """Content of a regular file of at most `most` bytes; only its beginning if not `whole`.

    Raises `Unreadable`.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except ValueError:  # a name with a zero byte
        raise _because(path, errno.ENOENT) from None
    except OSError as error:
        raise _because(path, error.errno) from None
    try:
        _check_regular(path, os.fstat(descriptor))
        with open(descriptor, "rb", closefd=False) as file:
            content = file.read(most + 1)
    except Unreadable:
        raise
    except OSError as error:
        raise _because(path, error.errno) from None
    finally:
        os.close(descriptor)
    if whole and len(content) > most:
        raise Unreadable(errno.EFBIG, f"it has more than {most} bytes", f"超过 {most} 字节", path)
    return content


def read_named_text(path: Path, most: int = SECRET_BYTES) -> str:
    """Content of such a file as text in UTF-8. Raises `Unreadable`."""
    try:
        return read_named(path, most).decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable(errno.EILSEQ, "it is no text in UTF-8", "不是 UTF-8 文本", path) from None


def _check_regular(path: Path, found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise _because(path, errno.EISDIR)
    if not stat.S_ISREG(found.st_mode):
        raise Unreadable(
            errno.EINVAL,
            "it is no regular file but a device, a pipe or a socket",
            "不是普通文件，而是设备、管道或套接字",
            path,
        )


def _because(path: Path, number: int | None) -> Unreadable:
    why, why_zh = WORDS.get(number or 0, OTHERWISE)
    return Unreadable(number or errno.EIO, why, why_zh, path)


def check_named(path: Path) -> Path:
    """Check that the path is a regular file that can be read, and return it. Raises `Unreadable`."""
    read_named(path, 0, whole=False)
    return path
