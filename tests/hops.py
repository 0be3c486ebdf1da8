"""Files of this repository that a message passes through: what a newcomer reads to follow one message."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[1]
OURS = tuple(f"{ROOT}/{part}/" for part in ("services", "shared"))


class Hops:
    """Notes each file in which a function is called while `counting`, in any thread.

    Threads that were started before `watch` are not seen, so it comes before the service starts.
    """

    def __init__(self) -> None:
        self.seen: dict[str, None] = {}
        self._counting = False

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Look at this thread and at those that it starts."""
        threading.setprofile(self._note)
        sys.setprofile(self._note)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)

    @contextmanager
    def counting(self) -> Iterator[dict[str, None]]:
        """Files that are passed through meanwhile, in the order in which they are met."""
        self.seen, self._counting = {}, True
        try:
            yield self.seen
        finally:
            self._counting = False

    def _note(self, frame: FrameType, event: str, _: Any) -> None:
        if self._counting and event == "call" and frame.f_code.co_filename.startswith(OURS):
            self.seen[frame.f_code.co_filename.removeprefix(f"{ROOT}/")] = None
