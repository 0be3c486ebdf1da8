"""Common parts of the workflows of complaints and of follow-ups: local activities, an alarm, promised
replies.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy

from shared.contract.commands import Accepted

Result = TypeVar("Result")

TRY_WITHIN = timedelta(seconds=30)
"""Time of one attempt of an activity, which is repeated without end."""

RETRY = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=5))

RETRY_INSIDE = timedelta(minutes=5)
"""Length of an outage that costs no history: the local activity is tried again where it runs."""


async def local_activity(name: str, argument: Any, result_type: type[Result]) -> Result:
    """Result of an activity of this process, tried until it succeeds."""
    result: Result = await workflow.execute_local_activity(
        name,
        argument,
        result_type=result_type,
        start_to_close_timeout=TRY_WITHIN,
        retry_policy=RETRY,
        local_retry_threshold=RETRY_INSIDE,
    )
    return result


async def wait_until(instant: datetime | None) -> None:
    """Wait where this clock lags behind: a complaint has one clock, which may have been moved."""
    if instant and workflow.now() < instant:
        await asyncio.sleep((instant - workflow.now()).total_seconds())


class Alarm:
    """Timer for the earliest due instant. It is kept while it rings early enough, which costs less."""

    def __init__(self) -> None:
        self._timer: asyncio.Task[None] | None = None
        self._at: datetime | None = None

    def set(self, due: datetime | None) -> None:
        """Ring at `due`, or before; never without one."""
        if self._timer is not None and not self._timer.done():
            if due is not None and self._at is not None and self._at <= due:
                return
            self._timer.cancel()
        self._timer, self._at = None, due
        if due is not None:
            wait = max(due - workflow.now(), timedelta(0))
            self._timer = asyncio.create_task(asyncio.sleep(wait.total_seconds()))

    @property
    def rang(self) -> bool:
        """Whether the instant has come."""
        return self._timer is not None and self._timer.done()


class Replies:
    """Replies of a workflow to its commands: promised when decided, given once their facts are stored."""

    def __init__(self, given: Mapping[str, Accepted] | None = None) -> None:
        self.given = dict(given or {})
        self.promised: dict[str, Accepted] = {}

    def has(self, command_id: str) -> bool:
        """Whether the command was decided."""
        return command_id in self.given or command_id in self.promised

    def promise(self, command_id: str, reply: Accepted) -> None:
        """Reply so, as soon as the facts are stored."""
        self.promised[command_id] = reply

    def allow(self, command_id: str, verbs: list[str]) -> None:
        """Correct the verbs that a promised reply allows: people were looked up after the decision."""
        if reply := self.promised.get(command_id):
            self.promised[command_id] = reply.model_copy(update={"allowed": verbs})

    def keep(self, stored: Mapping[str, Accepted]) -> None:
        """Give the replies that were stored with their facts; what was promised meanwhile waits."""
        self.given |= stored
        self.promised = {name: reply for name, reply in self.promised.items() if name not in stored}

    def yield_to(self, stored: Mapping[str, Accepted]) -> None:
        """Give the replies that were found in the place of those promised here."""
        self.given |= stored
        self.promised = {}


class StoredUpTo:
    """Number up to which this workflow knows the stored facts: a worker that died may have written more."""

    def __init__(self) -> None:
        self.told_of = self._looked_for = 0

    def learn(self, seq: int) -> None:
        """Receive that a fact of this number is stored."""
        self.told_of = max(self.told_of, seq)

    def looked_for(self, seq: int) -> None:
        """Record that a flush has looked for the facts up to this number."""
        self._looked_for = seq

    def lacks(self, seq: int, known: int) -> bool:
        """Whether a fact is reported as stored that is neither among the `known` nor was looked for."""
        return seq > max(known, self._looked_for)
