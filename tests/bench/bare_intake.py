"""Minimal consumer that accepts submissions durably: pull a batch, one SQLite insert, acknowledge.

`python -m tests.bench.bare_intake URL SEED STREAM DURABLE FILE`, in a process of its own, until its
standard input ends.
"""

import asyncio
import contextlib
import sqlite3
import sys

import nats
from nats.aio.msg import Msg
from nats.js import JetStreamContext

BATCH = 256


async def main(url: str, seed: str, stream: str, durable: str, file: str) -> None:
    """Take batches until the bench closes the standard input."""
    client = await nats.connect(url, nkeys_seed=seed)
    taking = asyncio.create_task(_take(client.jetstream(), stream, durable, _database(file)))
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    taking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await taking
    await client.close()


async def _take(js: JetStreamContext, stream: str, durable: str, database: sqlite3.Connection) -> None:
    subscription = await js.pull_subscribe_bind(durable=durable, stream=stream)
    while True:
        with contextlib.suppress(TimeoutError):
            messages = await subscription.fetch(BATCH, timeout=5)
            _record(database, messages)
            for message in messages:
                await message.ack()


def _record(database: sqlite3.Connection, messages: list[Msg]) -> None:
    with database:
        database.executemany(
            "INSERT INTO submission (subject, body) VALUES (?, ?)",
            [(message.subject, message.data) for message in messages],
        )


def _database(file: str) -> sqlite3.Connection:
    database = sqlite3.connect(file)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute(
        "CREATE TABLE IF NOT EXISTS submission (id INTEGER PRIMARY KEY, subject TEXT, body BLOB)"
    )
    return database


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
