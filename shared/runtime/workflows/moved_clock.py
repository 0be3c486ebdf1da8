"""Moved clock of a complaint: a workflow that starts later in its life begins at that clock, not at the
wall's.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from temporalio.client import Client
from temporalio.testing import TimeSkipper, TimeSkippingConfig
from temporalio.testing._timeskipping import FastForwardConfig  # not exported by the SDK yet

SAME_CLOCK = timedelta(seconds=1)
"""Distance that the workflow waits out by itself. A clock ahead by no more was not moved, and a moved clock
stops this much before. A target that passes while the workflow is at work sends its clock on to the next
due instant.
"""


class MovedClock:
    """Lets workflows begin at a moved clock. `time_skipping`: this server may move clocks."""

    def __init__(self, client: Client, time_skipping: bool, now: Callable[[], datetime]) -> None:
        self.client = client
        self._time_skipping = time_skipping
        self._now = now

    def is_ahead(self, at: datetime) -> bool:
        """Whether an instant of the complaint's clock shows that it was moved."""
        return self._time_skipping and at - self._now() > SAME_CLOCK

    def client_at(self, at: datetime, name: str) -> Client:
        """Client whose workflows begin with their clock at `at`, or a moment before, if that is ahead.

        `name` identifies the move: a start that is tried again moves once.
        """
        if not self.is_ahead(at):
            return self.client
        move = FastForwardConfig(id=name, duration=at - self._now() - SAME_CLOCK)
        config = TimeSkippingConfig(enabled=True, fast_forward_config=move)
        return TimeSkipper(self.client, config=config).client
