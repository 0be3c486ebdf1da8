"""Waiting until a part really answers, with a limit and a sentence for when it does not."""

import asyncio
import json
from asyncio.subprocess import DEVNULL
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from nats.errors import Error

from deploy.local.child import Child
from deploy.local.failure import StackFailure
from deploy.nats import provision
from deploy.nats.config import LOOPBACK

Check = Callable[[], Awaitable[bool]]

LIMIT_SECONDS = 90.0
ANSWER_SECONDS = 5.0
PAUSE_SECONDS = 0.1
DEATHS = 3
"""Ends of a part, since the wait began, after which it will not start by itself."""


async def until_ready(child: Child, check: Check, limit: float = LIMIT_SECONDS) -> None:
    """Return when `check` answers yes. Raises `StackFailure` naming the part and its log."""
    name, log, deaths = child.order.name, child.order.log, child.deaths + DEATHS
    try:
        async with asyncio.timeout(limit):
            while not await check():
                if child.deaths >= deaths:
                    raise StackFailure(
                        f"{name} ended {DEATHS} times while starting{_last_words(log)}; see {log}."
                    )
                await asyncio.sleep(PAUSE_SECONDS)
    except TimeoutError as error:
        raise StackFailure(f"{name} was not ready within {limit:.0f} s; see {log}.") from error


def _last_words(log: Path) -> str:
    """Last line of a log, for a sentence."""
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return f" ({lines[-1].strip()[:200].rstrip('.')})" if lines else ""


async def nats_answers(url: str, seed: Path) -> bool:
    """Whether a client can log in."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            client = await provision.connect(url, str(seed))
            await client.close()
    except (OSError, Error, TimeoutError):
        return False
    return True


async def succeeds(argv: Sequence[str]) -> bool:
    """Whether a short program ends with status 0."""
    process = await asyncio.create_subprocess_exec(*argv, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await process.wait() == 0
    except TimeoutError:
        return False
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def http_answers(port: int, path: str) -> bool:
    """Whether GET `path` on the loopback answers 200."""
    try:
        return (await _get(port, path)).split(maxsplit=2)[1:2] == [b"200"]
    except (OSError, TimeoutError):
        return False


async def health_report(port: int) -> dict[str, str]:
    """Result of each check of a service; empty if it does not answer."""
    try:
        _, _, body = (await _get(port, "/readyz")).partition(b"\r\n\r\n")
        checks = json.loads(body)["checks"]
    except (OSError, TimeoutError, ValueError, KeyError):
        return {}
    return {str(name): str(said) for name, said in checks.items()}


async def _get(port: int, path: str) -> bytes:
    """Whole answer. Raises `OSError` or `TimeoutError`."""
    async with asyncio.timeout(ANSWER_SECONDS):
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        try:
            writer.write(f"GET {path} HTTP/1.0\r\nHost: {LOOPBACK}:{port}\r\n\r\n".encode())
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()
            await writer.wait_closed()
