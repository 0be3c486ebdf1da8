"""Waits in tests, with a limit that a slow machine with much else to do keeps."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

PATIENCE = 120.0
"""Seconds in which what a test waits for happens. A wait ends when it does, so a long limit costs nothing."""

Found = TypeVar("Found")


async def until(
    look: Callable[[], Awaitable[Found]],
    holds: Callable[[Found], object] = bool,
    *,
    seconds: float = PATIENCE,
    every: float = 0.05,
) -> Found:
    """What `look` gives, once it holds. A failure names what it gave last."""
    found: Found | str = "nothing yet"
    try:
        async with asyncio.timeout(seconds):
            while not holds(found := await look()):  # noqa: ASYNC110 - it happens in another process
                await asyncio.sleep(every)
            return found
    except TimeoutError as error:
        raise AssertionError(f"not within {seconds:.0f} s; last: {found!r}") from error
