"""Minimal flush: one SQLite transaction, then its facts published, each acknowledged.

Bare workers use it instead of an activity that does nothing. It has no rule, no text, no masking: as many
rows and messages of the same size as a flush of the services has.
"""

import asyncio
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from typing import Self

import nats
from nats.js import JetStreamContext
from temporalio import activity

STREAM, SUBJECT = "BENCH_FACTS", "bench.fact"
STATE_BYTES, REPLY_BYTES = 3000, 400
"""About what the row of a case and a remembered reply have."""

TABLES = """
CREATE TABLE fact (complaint TEXT, seq INTEGER, body BLOB, PRIMARY KEY (complaint, seq));
CREATE TABLE reply (complaint TEXT, command TEXT, body BLOB, PRIMARY KEY (complaint, command));
CREATE TABLE state (complaint TEXT PRIMARY KEY, due TEXT, body TEXT);
CREATE INDEX state_due ON state (due, complaint);
"""


@dataclass(frozen=True)
class Terms:
    """Stream, and size of the flushes: number of facts of a flush, and bytes of a fact as a message."""

    url: str
    seed: str
    file: str
    facts: int
    size: int

    def words(self) -> list[str]:
        """As arguments of a process."""
        return [str(one) for one in astuple(self)]

    @classmethod
    def from_words(cls, words: list[str]) -> Self:
        url, seed, file, facts, size = words
        return cls(url, seed, file, int(facts), int(size))


class FairFlush:
    """Activities of a bare worker, under the names that its workflows call."""

    def __init__(self, terms: Terms, database: sqlite3.Connection, stream: JetStreamContext) -> None:
        self._terms = terms
        self._database = database
        self._stream = stream
        self._writer = ThreadPoolExecutor(1)
        self._seqs: dict[str, int] = {}

    @classmethod
    async def connect(cls, terms: Terms) -> Self:
        client = await nats.connect(terms.url, nkeys_seed=terms.seed)
        return cls(terms, _database(terms.file), client.jetstream(timeout=30))

    @activity.defn(name="nothing")
    async def flush(self, name: str) -> None:
        """Write, then publish."""
        seqs = self._next(name)
        body = b"x" * self._terms.size
        await asyncio.get_running_loop().run_in_executor(self._writer, self._write, name, seqs, body)
        for seq in seqs:
            headers = {"Nats-Msg-Id": f"{name}:{seq}"}
            await self._stream.publish(f"{SUBJECT}.{seq}", body, stream=STREAM, headers=headers)

    @activity.defn(name="opened")
    async def first(self, workflow_id: str) -> None:
        """First flush: it reports the workflow to the bench, which only then begins to act."""
        await self.flush(workflow_id)
        print(workflow_id, flush=True)

    def _next(self, name: str) -> range:
        first = self._seqs.get(name, 0) + 1
        self._seqs[name] = first + self._terms.facts - 1
        return range(first, first + self._terms.facts)

    def _write(self, name: str, seqs: range, body: bytes) -> None:
        with self._transaction() as database:
            database.executemany("INSERT INTO fact VALUES (?, ?, ?)", [(name, seq, body) for seq in seqs])
            database.execute("INSERT INTO reply VALUES (?, ?, ?)", (name, str(seqs[0]), b"x" * REPLY_BYTES))
            database.execute(
                "INSERT OR REPLACE INTO state VALUES (?, ?, ?)", (name, "due", "x" * STATE_BYTES)
            )

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._database:
            yield self._database


def _database(file: str) -> sqlite3.Connection:
    database = sqlite3.connect(file, check_same_thread=False)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.executescript(TABLES)
    return database
