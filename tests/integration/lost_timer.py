"""Workflow in a case's place that can lose its timer: so that a real server has a workflow without it."""

import asyncio
from datetime import datetime
from typing import Any

from temporalio import workflow

from services.routing.names import WORKFLOW

QUEUE = "lost-timer"
LOSE = "lose"


@workflow.defn(name=WORKFLOW, sandboxed=False)
class LostTimer:
    """Workflow that answers as the replaced case did, and has a timer until the signal."""

    @workflow.init
    def __init__(self, answer: dict[str, Any]) -> None:
        self._answer = answer
        self._lost = False

    @workflow.run
    async def run(self, answer: dict[str, Any]) -> None:
        """Start the timer, and cancel it on the signal; then wait for nothing."""
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
        """Last answer of the case."""
        return self._answer
