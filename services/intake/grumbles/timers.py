"""Timers of grumbles: one workflow for each, started by the fact that the grumble was recorded.

Intake takes submissions without Temporal. While Temporal is away, facts wait in the durable
`intake-events`, and timers start late; they run out at the same instant, or as soon as Temporal is back.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from nats.aio.msg import Msg
from sqlmodel import Session, col, select
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from services.intake.grumbles.waiting import Became, Waiting
from services.intake.names import END, TASK_QUEUE, WORKFLOW
from services.intake.tables import GrumbleRow
from shared.contract.envelope import RawEvent
from shared.contract.events import Grumbled, Promoted, read_fact
from shared.contract.ids import grumble_workflow_id
from shared.contract.queries import GrumbleStatus
from shared.contract.rebuilding import Rebuilt
from shared.runtime.log import logger
from shared.runtime.messages.rebuilding import PAGE
from shared.runtime.storage.database import Database
from shared.runtime.tracing import tracing
from shared.runtime.workflows.alive import runs

log = logger("timers")

LOOK_SECONDS = 60.0
OVERDUE = timedelta(minutes=1)
MOST_AT_ONCE = 500


class Timers:
    """Starts and ends the workflows of grumbles; every fact may come twice, late, or out of order."""

    def __init__(self, temporal: Client, database: Database, now: Callable[[], datetime]) -> None:
        self._temporal = temporal
        self._database = database
        self._now = now

    async def __call__(self, messages: list[Msg]) -> Sequence[Exception | None]:
        """Facts of the durable `intake-events`, acknowledged by the caller after this returns."""
        handled = await asyncio.gather(
            *(self._handle(message) for message in messages), return_exceptions=True
        )
        return [one if isinstance(one, Exception) else None for one in handled]

    async def _handle(self, message: Msg) -> None:
        _, header, fact = read_fact(RawEvent.model_validate_json(message.data))
        tracing().message(header.complaint_id, message.subject, message.headers)
        with tracing().of(header.complaint_id):
            if isinstance(fact, Grumbled):
                await self._start_if_open(header.complaint_id)
            else:
                into = fact.into if isinstance(fact, Promoted) else None
                await self._end(header.complaint_id, Became(into=into))

    async def _start_if_open(self, complaint: str) -> None:
        """Start a timer if the row shows an open grumble: the fact may come late."""
        row = await self._database.read(lambda session: session.get(GrumbleRow, complaint))
        if row is not None and row.standing == GrumbleStatus.OPEN:
            await self._start(Waiting(complaint_id=complaint, answer_by=row.answer_by))

    async def _start(
        self, waiting: Waiting, reuse: WorkflowIDReusePolicy = WorkflowIDReusePolicy.REJECT_DUPLICATE
    ) -> None:
        try:
            await self._temporal.start_workflow(
                WORKFLOW,
                waiting,
                id=grumble_workflow_id(waiting.complaint_id),
                task_queue=TASK_QUEUE,
                id_reuse_policy=reuse,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                static_summary=f"Grumble {waiting.complaint_id}",
            )
        except WorkflowAlreadyStartedError:
            return

    async def page(self, after: str) -> Rebuilt:
        """Start timers again, after Temporal lost its records, for a page of waiting grumbles behind
        `after`.
        """
        rows = await self._database.read(partial(_open, after=after))
        done = await asyncio.gather(*(self._again(complaint) for complaint, _ in rows))
        last = rows[-1][0] if len(rows) == PAGE else None
        return Rebuilt(looked_at=len(rows), rebuilt=sum(done), after=last)

    async def _again(self, complaint: str) -> bool:
        # Temporal first: a step that ends a timer has changed the row before.
        if await runs(self._temporal, grumble_workflow_id(complaint)):
            return False
        row = await self._database.read(lambda session: session.get(GrumbleRow, complaint))
        if row is None or row.standing != GrumbleStatus.OPEN:
            return False
        waiting = Waiting(complaint_id=complaint, answer_by=row.answer_by)
        await self._start(waiting, WorkflowIDReusePolicy.ALLOW_DUPLICATE)
        return True

    async def _end(self, complaint: str, became: Became) -> None:
        """Signal the end: the grumble is answered, or a complaint. A workflow that has ended cannot receive
        it.
        """
        try:
            await self._temporal.get_workflow_handle(grumble_workflow_id(complaint)).signal(END, became)
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise

    async def overdue(self) -> None:
        """For ever: a grumble whose time is long over and that still is open lost its timer with Temporal's
        own records; a new one rings at once."""
        while True:
            for complaint, answer_by in await self._database.read(self.long_over):
                log.warning("timer_was_lost", complaint_id=complaint)
                await self._start(Waiting(complaint_id=complaint, answer_by=answer_by))
            await asyncio.sleep(LOOK_SECONDS)

    def long_over(self, session: Session) -> Sequence[tuple[str, datetime]]:
        wanted = select(GrumbleRow.complaint_id, GrumbleRow.answer_by).where(
            GrumbleRow.standing == GrumbleStatus.OPEN, col(GrumbleRow.answer_by) < self._now() - OVERDUE
        )
        return session.exec(wanted.limit(MOST_AT_ONCE)).all()


def _open(session: Session, after: str) -> Sequence[tuple[str, datetime]]:
    """Grumbles that wait for an answer, with the end of their time."""
    wanted = select(GrumbleRow.complaint_id, GrumbleRow.answer_by).where(
        GrumbleRow.standing == GrumbleStatus.OPEN, col(GrumbleRow.complaint_id) > after
    )
    return session.exec(wanted.order_by(col(GrumbleRow.complaint_id)).limit(PAGE)).all()
