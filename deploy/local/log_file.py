"""Log of a part on disk. It is rotated while the part runs, so that it never fills the disk."""

from pathlib import Path

LOG_BYTES = 20 * 1024 * 1024
"""Size past which a log is renamed to `<name>.log.1` and begun anew. The log before that is deleted."""


class LogFile:
    """Appends what a part prints. The two files together hold at most twice `most` bytes and two chunks.

    A full disk costs lines and nothing else: the part goes on, and the number of lost bytes is written as
    soon as there is room.
    """

    def __init__(self, path: Path, most: int = LOG_BYTES) -> None:
        self._path = path
        self._most = most
        self._lost = 0
        self._amid_a_line = False

    @property
    def former(self) -> Path:
        """Previous log."""
        return self._path.with_name(f"{self._path.name}.1")

    def write(self, printed: bytes) -> None:
        """Append these bytes. If they do not fit, finish the present text line, then rotate the file."""
        try:
            if self._size() + len(printed) > self._most:
                end = printed.find(b"\n") + 1 if self._amid_a_line else 0
                self._append(printed[:end])
                if self._path.exists():
                    self._path.replace(self.former)
                printed = printed[end:]
            self._append(printed)
        except OSError:
            self._lost += len(printed)

    def _append(self, printed: bytes) -> None:
        if not printed:
            return
        note = (
            f"{self._lost} bytes of this log were lost: the disk was full\n".encode() if self._lost else b""
        )
        with self._path.open("ab") as log:
            log.write(note + printed)
        self._lost, self._amid_a_line = 0, not printed.endswith(b"\n")

    def _size(self) -> int:
        return self._path.stat().st_size if self._path.exists() else 0
