"""Limits of one sender: requests at a time and per minute, size, and time to send."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.requests import ClientDisconnect, Request

from services.door.refusal import CLOSE, RefusedRequest
from shared.contract.door import Trouble
from shared.contract.quarantine import Reason
from shared.contract.submission import MAX_BYTES

AT_ONCE, AT_ONCE_EACH = 256, 32
"""Requests in progress, each with up to 256 KiB: of all senders together, and of one publisher or address."""


class SenderRates:
    """Rates of senders in a sliding window. In memory: each process counts its own."""

    def __init__(self) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def count(self, limit: RateLimitItem, who: str) -> None:
        """Count a request of this sender. Raises `RefusedRequest` with `Retry-After` past the limit."""
        if self._limiter.hit(limit, who):
            return
        wait = self._limiter.get_window_stats(limit, who).reset_time - time.time()
        seconds = max(1, math.ceil(wait))
        raise RefusedRequest(Trouble.RATE_LIMITED, headers={"Retry-After": str(seconds)} | CLOSE)


class Room:
    """Count of requests in progress. A slow sender fills only its own share.

    The form has a separate count, which any visitor can fill without blocking publishers.
    """

    def __init__(self, patience: float, together: int = AT_ONCE, each: int = AT_ONCE_EACH) -> None:
        self.patience = patience
        self._together, self._each = together, each
        self._held: Counter[str] = Counter()

    @property
    def taken(self) -> int:
        return self._held.total()

    @contextmanager
    def place(self, who: str) -> Iterator[None]:
        """Hold a place for one request. Raises `RefusedRequest` when there is none."""
        if self.taken >= self._together or self._held[who] >= self._each:
            raise RefusedRequest(Trouble.OVERLOADED, headers={"Retry-After": "1"} | CLOSE)
        self._held[who] += 1
        try:
            yield
        finally:
            self._held[who] -= 1
            self._held += Counter()  # forgets senders that hold no place


async def read_body(request: Request, seconds: float, most: int = MAX_BYTES) -> bytes:
    """Read the whole body within `seconds`; hold at most `most` bytes. Raises `RefusedRequest`."""
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced[:20]) > most:
        raise RefusedRequest(Reason.TOO_LARGE, headers=CLOSE)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise RefusedRequest(Reason.TOO_LARGE, headers=CLOSE)
    except TimeoutError:
        raise RefusedRequest(Trouble.TOO_SLOW, headers=CLOSE) from None
    except ClientDisconnect:
        raise RefusedRequest(Trouble.TOO_SLOW, headers=CLOSE) from None
    return bytes(body)
