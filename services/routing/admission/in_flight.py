"""Cases that are being opened: their workflows were started, and they have no row yet."""

import time

from services.routing.admission.queue import WaitingQueue

MOST = 24
"""Most complaints that may be opened at once: about a second of work, and the longest that the gravest waits
for others.
"""

FORGOTTEN_SECONDS = 30.0
"""Seconds after which a complaint that is still opening no longer takes a place."""


class InFlight:
    """Counts what this process has started: each process has as much room as its worker can use.

    After a restart it begins anew, so the limit is no invariant.
    """

    def __init__(self, queue: WaitingQueue, most: int = MOST) -> None:
        self._queue = queue
        self._most = most
        self._since: dict[str, float] = {}

    def begin(self, complaint_id: str) -> None:
        self._since[complaint_id] = time.monotonic()

    def end(self, complaint_id: str) -> None:
        """Release the place of a complaint that was not started after all."""
        self._since.pop(complaint_id, None)

    async def room(self) -> int:
        """Number of complaints that may still be started. Reads the table of cases only when there seems to
        be no room.
        """
        if len(self._since) >= self._most:
            for opened in await self._queue.opened(list(self._since)):
                self.end(opened)
            long_ago = time.monotonic() - FORGOTTEN_SECONDS
            self._since = {name: since for name, since in self._since.items() if since > long_ago}
        return max(0, self._most - len(self._since))
