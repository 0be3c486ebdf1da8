"""A workflow that is in a case's place and can lose its timer: so that a real server has one without it."""

import asyncio
from datetime import datetime
from typing import Any

from temporalio import workflow

from services.routing.workflow import NAME

QUEUE = "lost-timer"
LOSE = "lose"


@workflow.defn(name=NAME, sandboxed=False)
class LostTimer:
    """Answers as the case did that it stands in for, and watches its next due instant; until it is told."""

    @workflow.init
    def __init__(self, answer: dict[str, Any]) -> None:
        self._answer = answer
        self._lost = False

    @workflow.run
    async def run(self, answer: dict[str, Any]) -> None:
        """The timer is started, and cancelled on the signal; then it waits for nothing."""
        due = datetime.fromisoformat(answer["next_due"])
        alarm = asyncio.create_task(asyncio.sleep((due - workflow.now()).total_seconds()))
        await workflow.wait_condition(lambda: self._lost)
        alarm.cancel()
        await workflow.wait_condition(lambda: False)

    @workflow.signal(name=LOSE)
    def lose(self) -> None:
        self._lost = True

    @workflow.query(name="settled")
    def settled(self) -> dict[str, Any]:
        """What the case said last."""
        return self._answer
