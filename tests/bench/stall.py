"""Stalls of the event loops of intake and routing while texts come that are made to be slow.

The bench asks each service's `/livez` all the time, which its event loop answers. The longest wait is the
longest stall; beside it is that of quiet seconds.
"""

import asyncio
import json
import secrets
import threading
import time
import urllib.request
from collections.abc import Awaitable, Callable

import nats

from deploy.local.stack import Stack
from shared.contract import subjects
from shared.contract.ids import complaint_id
from tests.bench.figures import Count, Figure
from tests.bench.lives import Tell
from tests.bench.submission_body import SOURCE, body
from tests.outside import Outside

AIM_MILLISECONDS = 100.0
QUIET_SECONDS = 5.0
SIZE = 190_000
"""Characters of a text; with the fields around it, a message stays under 256 KiB."""

SLOW = {
    "digits and spaces": "1 ",
    "identity numbers": "11010519491231002X/",
    "cards": "4111 1111 1111 1112 ",
    "orders": "order 4111111111111111 ",
    "telephones": "13800138000,",
    "one giant word": "a",
    "short words": "refund broken late ",
    "marks": "e\u0301\u0323",
}


class Watch:
    """Asks a service whether it lives, again and again, from a thread of its own."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/livez"
        self.longest = 0.0

    async def during(self, work: Callable[[], Awaitable[None]]) -> float:
        """Longest wait in milliseconds while `work` runs."""
        self.longest = 0.0
        done = threading.Event()
        task = asyncio.create_task(asyncio.to_thread(self._ask, done))
        await work()
        done.set()
        await task
        return self.longest * 1000

    def _ask(self, done: threading.Event) -> None:
        while not done.is_set():
            began = time.perf_counter()
            with urllib.request.urlopen(self._url, timeout=60) as answer:
                answer.read()
            self.longest = max(self.longest, time.perf_counter() - began)


async def measure(stack: Stack, tell: Tell) -> list[Figure]:
    """Longest stalls of intake and of routing, beside those of quiet seconds."""
    ready = stack.ready
    assert ready
    ports = json.loads((stack.layout.ports).read_text())
    outside = await Outside.connect(ready.nats_url, ready.credentials.publisher, ready.credentials.agent, 60)
    client = await nats.connect(ready.nats_url, nkeys_seed=str(ready.credentials.admin))
    try:
        complaint = await outside.submit()
        owner = (await outside.until(complaint, "assigned"))["data"]["owner"]

        async def quiet() -> None:
            await asyncio.sleep(QUIET_SECONDS)

        async def submissions() -> None:
            for number, part in enumerate(SLOW.values()):
                name = f"stall-{secrets.token_hex(4)}-{number}"
                slow = json.loads(body(name))
                slow["data"]["narrative"] = _long(part)
                await client.jetstream(timeout=30).publish(
                    subjects.submit("web"), json.dumps(slow, ensure_ascii=False).encode()
                )
                await outside.until(complaint_id(SOURCE, name), "received", seconds=120)

        async def notes() -> None:
            for part in SLOW.values():
                await outside.command("note", complaint, owner, text=_long(part))

        figures: list[Figure] = []
        for service, work in (("intake", submissions), ("routing", notes)):
            watch = Watch(ports[service])
            tell(f"stall of {service}: quiet")
            bare = await watch.during(quiet)
            tell(f"stall of {service}: slow texts")
            await work()  # the process beside is started, and the texts are as slow the second time
            ours = await watch.during(work)
            figures.append(Count(f"longest stall of {service}", "ms", ours, AIM_MILLISECONDS, bare))
        return figures
    finally:
        await client.close()
        await outside.close()


def _long(part: str) -> str:
    text = part * (SIZE // len(part))
    while len(text.encode()) > SIZE:
        text = text[: len(text) * SIZE // len(text.encode())]
    return text
