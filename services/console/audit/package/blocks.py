"""Hashes of blocks, by which a changed byte is found."""

import hashlib
from typing import NamedTuple

SIZE = 64
"""Bytes in a block."""
LENGTH = 16
"""Hexadecimal digits that are kept of the hash of a block."""


class ChangedBytes(NamedTuple):
    """First change in a file: its first byte, the last byte of its block, and the byte as it was, if it can
    be found again.
    """

    first: int
    last: int
    was: int | None = None


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def blocks_of(content: bytes) -> list[str]:
    """Beginning of the SHA-256 of each block, in order."""
    return [_short(content[at : at + SIZE]) for at in range(0, len(content), SIZE)]


def first_change(content: bytes, blocks: list[str], size: int) -> ChangedBytes | None:
    """First change of a content against the blocks and the size that it had; None where there is none."""
    for number, wanted in enumerate(blocks):
        start = number * SIZE
        block = content[start : min(start + SIZE, size)]
        if _short(block) != wanted:
            return _byte(block, wanted, start) or ChangedBytes(start, min(start + SIZE, size) - 1)
    return ChangedBytes(size, max(len(content), size) - 1) if len(content) != size else None


def _byte(block: bytes, wanted: str, start: int) -> ChangedBytes | None:
    """Single byte that differs, found by trying all values at all places of the block."""
    for place in range(len(block)):
        for value in range(256):
            if _short(block[:place] + bytes([value]) + block[place + 1 :]) == wanted:
                return ChangedBytes(start + place, start + place, value)
    return None


def _short(block: bytes) -> str:
    return sha256(block)[:LENGTH]
