"""Words that occur in no other complaint, and the search for them in files, in any encoding."""

import base64
import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from shared.contract.subjects import Service

RARE = "龘靐齉爩鱻麤灪籱厵虪齾龗"
CONSONANTS = "bcdfghjklmnpqrstvwxz"
"""Characters of which chance makes no word, so that no classifier reads a danger in a marker."""


def _of(characters: str, count: int) -> str:
    return "".join(secrets.choice(characters) for _ in range(count))


@dataclass
class Person:
    """Complainant whom a test can find again, in both languages."""

    name_zh: str = field(default_factory=lambda: f"欧阳{_of(RARE, 6)}")
    name_en: str = field(default_factory=lambda: f"Zebulon {_of(CONSONANTS, 10)}")
    phone: str = field(default_factory=lambda: f"+86139{secrets.randbelow(10**8):08}")
    email: str = field(default_factory=lambda: f"{_of(CONSONANTS, 12)}@marker.example")

    @property
    def words(self) -> list[str]:
        return [self.name_zh, self.name_en, self.phone, self.email]

    def says(self, what: str) -> str:
        """Text of any kind that contains everything about the person."""
        return f"{what}: {self.name_zh} / {self.name_en}, {self.email}"


def writings(word: str) -> set[bytes]:
    """Encodings of a word: UTF-8, UTF-16, JSON with escapes of either case, base64 at any place of a text."""
    plain = word.encode()
    escaped = json.dumps(word)[1:-1]
    upper = "".join(f"\\u{ord(one):04X}" if ord(one) > 127 else one for one in word)
    found = {plain, word.encode("utf-16-le"), word.encode("utf-16-be"), escaped.encode(), upper.encode()}
    for before in range(3):
        whole = base64.b64encode(b"x" * before + plain)
        found.add(whole[4 if before else 0 : len(whole) - 4])
    return found


def files(directory: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below a directory with all that it holds; some go while we look."""
    for path in sorted(directory.rglob("*")):
        try:
            if path.is_file():
                yield str(path.relative_to(directory)), path.read_bytes()
        except FileNotFoundError:
            continue


def holding(directory: Path, needles: Iterable[bytes]) -> list[str]:
    """Files that hold any of these."""
    wanted = set(needles)
    return [name for name, content in files(directory) if any(needle in content for needle in wanted)]


def lacking(directory: Path, needles: list[bytes]) -> list[bytes]:
    """Needles that are in no file."""
    missing = list(needles)
    for _, content in files(directory):
        missing = [needle for needle in missing if needle not in content]
    return missing


def in_the_clear(directory: Path, words: Iterable[str]) -> list[str]:
    """Files in which any of these words can be read."""
    return holding(directory, (written for word in words for written in writings(word)))


def sealed(databases: Path, complaint: str) -> dict[str, list[bytes]]:
    """Encrypted data that each service stores of a complaint: its wrapped key, then its encrypted texts."""
    return {service: _rows(databases / f"{service}.db", complaint) for service in Service}


def _rows(database: Path, complaint: str) -> list[bytes]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as reading:
        keys = reading.execute("SELECT wrapped FROM text_key WHERE complaint_id = ?", (complaint,)).fetchall()
        texts = reading.execute("SELECT sealed FROM text WHERE complaint_id = ?", (complaint,)).fetchall()
    reading.close()
    return [bytes(row[0]) for row in (*keys, *texts)]
