"""Commands for many complaints at once: each complaint has its own command, and the reply all outcomes.

A batch is a row before its first command is sent, so a repeat is about the same complaints, and another
process finishes what a killed process has begun. Its commands have ids that follow from the batch: none is
carried out twice.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, select

from services.routing.rules.gates import OVER
from services.routing.tables import BatchRow, CaseRow
from shared.contract.commands import (
    COMMANDS,
    Accepted,
    AcceptTransfer,
    ActorRef,
    Command,
    CommandReply,
    CommandRequest,
    HandOver,
    Refused,
)
from shared.contract.errors import Refusal
from shared.runtime.log import logger
from shared.runtime.messages.requests import CommandWork
from shared.runtime.reasons import reason
from shared.runtime.storage.database import Database

log = logger("batches")

AT_ONCE = 8
ANSWER_SECONDS = 8.0
"""Seconds after which the sender gets `unavailable`; the batch goes on, and a repeat gets its result."""

LOOK_SECONDS = 15.0
LEFT_AFTER = timedelta(seconds=60)
"""Age at which an unfinished batch is finished by whichever process looks."""

MOST_NAMED = 10
"""Most complaints that a refusal names."""

Many = HandOver | AcceptTransfer


class Batches:
    """Carries out commands that may name many complaints; `single` answers one command."""

    def __init__(self, database: Database, single: CommandWork) -> None:
        self._database = database
        self._single = single
        self._room = asyncio.Semaphore(AT_ONCE)
        self._running: dict[str, asyncio.Task[dict[str, Any]]] = {}

    def many(self, command: Command) -> bool:
        """Whether the command is about more than the complaint of its request."""
        return isinstance(command, Many) and bool(
            command.complaint_ids or (isinstance(command, HandOver) and command.all)
        )

    async def __call__(self, request: CommandRequest, command: Command) -> CommandReply:
        """Reply when all complaints have their outcome; to none accepted, the first refusal."""
        batch = await self._database.write(lambda session: _begun(self._database, session, request, command))
        async with asyncio.timeout(ANSWER_SECONDS):
            outcomes = await asyncio.shield(self._run(batch))
        return _reply(request.complaint_id, outcomes)

    async def run(self) -> None:
        """Finish batches that were left, at the start and ever after; cancelled at the end."""
        while True:
            try:
                await self.once(datetime.now(UTC) - LEFT_AFTER)
            except Exception as error:  # an outage: the next look finds the same
                log.warning("batches_not_finished", error=reason(error))
            await asyncio.sleep(LOOK_SECONDS)

    async def once(self, before: datetime) -> int:
        """Finish every batch that was begun before this instant; returns their number."""

        def work(session: Session) -> list[BatchRow]:
            left = select(BatchRow).where(~col(BatchRow.done), BatchRow.at < before)
            return list(session.exec(left.order_by(col(BatchRow.at))).all())

        rows = await self._database.read(work)
        for row in rows:
            await self._run(row)
        return len(rows)

    def _run(self, batch: BatchRow) -> asyncio.Task[dict[str, Any]]:
        """Task that carries the batch out; in one process there is one."""
        task = self._running.get(batch.id)
        if task is None:
            task = self._running[batch.id] = asyncio.ensure_future(self._outcomes(batch))
            task.add_done_callback(lambda _: self._running.pop(batch.id, None))
        return task

    async def _outcomes(self, batch: BatchRow) -> dict[str, Any]:
        replies = await asyncio.gather(*(self._one(batch, complaint) for complaint in batch.complaints))
        await self._database.write(lambda session: _finished(session, batch.id))
        return dict(zip(batch.complaints, replies, strict=True))

    async def _one(self, batch: BatchRow, complaint: str) -> CommandReply:
        request = CommandRequest(
            command_id=batch.id, complaint_id=complaint, actor=ActorRef(id=batch.actor), data=batch.data
        )
        command = COMMANDS[batch.verb].model_validate(batch.data)
        async with self._room:
            reply = await self._single(request.sent_by(batch.via) if batch.via else request, command)
        assert isinstance(reply, Accepted | Refused)
        return reply


def _begun(database: Database, session: Session, request: CommandRequest, command: Command) -> BatchRow:
    """Row of the batch: as it was begun, by whichever process, or new."""
    whole = f"{request.complaint_id}\n{request.actor.id}\n{request.command_id}"
    name = f"batch-{sha256(whole.encode()).hexdigest()[:24]}"
    if session.get(BatchRow, name) is None:
        new = {
            "id": name,
            "verb": command.VERB,
            "actor": request.actor.id,
            "via": request.via,
            "data": {"to": command.to} if isinstance(command, HandOver) else {},
            "complaints": _wanted(session, request, command),
            "at": datetime.now(UTC),
            "done": False,
        }
        session.connection().execute(database.insert(BatchRow).values(new).on_conflict_do_nothing())
    return session.exec(select(BatchRow).where(BatchRow.id == name)).one()


def _wanted(session: Session, request: CommandRequest, command: Command) -> list[str]:
    """Complaints of the batch, each once."""
    named = getattr(command, "complaint_ids", None) or []
    if not getattr(command, "all", False):
        return list(dict.fromkeys(named))
    mine = select(CaseRow.complaint_id).where(CaseRow.owner == request.actor.id)
    held = session.exec(mine.where(col(CaseRow.stage).not_in(OVER)).order_by(col(CaseRow.complaint_id)))
    return list(dict.fromkeys([*named, *held.all()]))


def _finished(session: Session, name: str) -> None:
    row = session.get(BatchRow, name)
    if row is not None:
        row.done = True


def _reply(complaint_id: str, outcomes: Mapping[str, CommandReply]) -> CommandReply:
    """Reply for all: accepted if any was, or if there was none to do."""
    done = {one: reply for one, reply in outcomes.items() if isinstance(reply, Accepted)}
    refused = [reply for reply in outcomes.values() if isinstance(reply, Refused)]
    if refused and not done:
        return Refused(error=_named(refused[0].error, [*outcomes]))
    first = next(iter(done.values()), None)
    return Accepted(
        complaint_id=complaint_id,
        stage=first.stage if first else "",
        events=sorted({name for reply in done.values() for name in reply.events}),
        allowed=[],
        result={
            "accepted": len(done),
            "refused": len(refused),
            "complaints": {one: _outcome(reply) for one, reply in outcomes.items()},
        },
    )


def _named(refusal: Refusal, complaints: list[str]) -> Refusal:
    """Refusal of all, with the complaints that it is about."""
    if len(complaints) == 1:
        return refusal
    named = ", ".join(complaints[:MOST_NAMED])
    more = f" … ({len(complaints)})" if len(complaints) > MOST_NAMED else ""
    return refusal.model_copy(
        update={
            "message": f"{refusal.message} Refused for each of {named}{more}; the first reason is given.",
            "message_zh": f"{refusal.message_zh}以下投诉均被拒：{named}{more}；此处为第一条的原因。",
        }
    )


def _outcome(reply: CommandReply) -> dict[str, Any]:
    if isinstance(reply, Refused):
        return {"ok": False, "error": reply.error.model_dump(mode="json")}
    return {"ok": True, "events": reply.events, **reply.result}
