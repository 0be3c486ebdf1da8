"""Publisher: `python -m tests.bench.flood URL SEED SUBJECT PREFIX COUNT [KIND]`, in a process of its own.

Makes its messages, prints `ready`, waits for a line on standard input, publishes with `IN_FLIGHT`
acknowledgements outstanding, and prints `done` when all are acknowledged.
"""

import asyncio
import sys
from collections.abc import Iterator

import nats
from nats.js import JetStreamContext

from tests.bench.submission_body import bad_body, body, burst_body

IN_FLIGHT = 256
ACK_SECONDS = 30.0


async def main(url: str, seed: str, subject: str, prefix: str, count: str, kind: str = "good") -> None:
    """Publish when the bench asks for it."""
    make = {"good": body, "bad": bad_body, "burst": burst_body}[kind]
    # Padded, since order numbers that differ only by a hyphen are equal: the order 1-10 would be suspected to
    # be 11-0.
    messages = [make(f"{prefix}-{number:06}") for number in range(int(count))]
    client = await nats.connect(url, nkeys_seed=seed)
    js = client.jetstream(timeout=ACK_SECONDS)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    waiting = iter(messages)
    await asyncio.gather(*(_publish(js, subject, waiting) for _ in range(IN_FLIGHT)))
    print("done", flush=True)
    await client.close()


async def _publish(js: JetStreamContext, subject: str, waiting: Iterator[bytes]) -> None:
    for message in waiting:
        await js.publish(subject, message)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
