"""Memory of an audit: what is known of each complaint, the findings, and the place in the stream.

A file of SQLite, so that an audit of any size holds at most `MOST` complaints in memory, and continues
where it was stopped. What a closed complaint leaves is its numbers and its end.
"""

import json
import sqlite3
from collections import OrderedDict
from pathlib import Path

from services.console.audit.auditor.stream import Memory

MOST = 5_000
"""Most complaints in memory at once, at about 4 KB each."""

TABLES = """
CREATE TABLE IF NOT EXISTS complaint (id TEXT PRIMARY KEY, memory TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS finding (
    complaint TEXT, fact TEXT, invariant TEXT, UNIQUE (complaint, fact, invariant)
);
CREATE TABLE IF NOT EXISTS progress (name TEXT PRIMARY KEY, number INTEGER NOT NULL);
"""

Found = tuple[str, str, str]
"""Complaint, id of the fact, and code of the invariant."""


class KeptAudit:
    """Memory of one audit. What changed since the last `save` is lost with the process, and judged again."""

    def __init__(self, file: Path | None, most: int = MOST) -> None:
        """Open the file; without one, a temporary file of SQLite that ends with the process."""
        self._database = sqlite3.connect("" if file is None else file)
        self._database.executescript(TABLES)
        self._most = most
        self._recent: OrderedDict[str, Memory] = OrderedDict()

    def of(self, complaint: str) -> Memory:
        """Memory of a complaint, which the caller may change."""
        if complaint not in self._recent:
            row = self._database.execute("SELECT memory FROM complaint WHERE id = ?", (complaint,)).fetchone()
            self._recent[complaint] = json.loads(row[0]) if row else {}
        self._recent.move_to_end(complaint)
        if len(self._recent) > self._most:
            self._write([self._recent.popitem(last=False)])
        return self._recent[complaint]

    def forget(self, complaint: str, left: Memory) -> None:
        """Keep only `left` of a complaint."""
        self._recent[complaint] = left

    def add(self, found: Found) -> bool:
        """Add a finding; False if it is known."""
        done = self._database.execute("INSERT OR IGNORE INTO finding VALUES (?, ?, ?)", found)
        return done.rowcount > 0

    def findings(self) -> list[Found]:
        """All findings, in the order in which they were found."""
        return self._database.execute("SELECT * FROM finding ORDER BY rowid").fetchall()

    def number(self, name: str) -> int:
        row = self._database.execute("SELECT number FROM progress WHERE name = ?", (name,)).fetchone()
        return int(row[0]) if row else 0

    def save(self, **numbers: int) -> None:
        """Make everything durable, with these numbers of progress."""
        self._write(list(self._recent.items()))
        self._database.executemany("INSERT OR REPLACE INTO progress VALUES (?, ?)", numbers.items())
        self._database.commit()

    def waiting(self) -> list[tuple[str, Memory]]:
        """Complaints of which facts wait for a predecessor; after `save`."""
        rows = self._database.execute('SELECT id, memory FROM complaint WHERE memory LIKE \'%"held": {"%\'')
        return [(one, json.loads(memory)) for one, memory in rows]

    def close(self) -> None:
        self._database.close()

    def _write(self, some: list[tuple[str, Memory]]) -> None:
        rows = [(complaint, json.dumps(memory)) for complaint, memory in some]
        self._database.executemany("INSERT OR REPLACE INTO complaint VALUES (?, ?)", rows)
