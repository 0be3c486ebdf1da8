"""Command about erasure: `erase`, by a privacy officer."""

import asyncio
import re
from collections.abc import Callable
from datetime import datetime

from pydantic import BaseModel
from sqlmodel import Session

from services.intake.erasure import leftovers, record
from services.intake.erasure.erasing import Erasing
from services.intake.publishing import LedgerPublisher
from services.intake.tables import ErasureRow
from services.intake.verbs import permitted
from shared.contract.commands import Command, CommandRequest, Erase, Refused
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.ids import COMPLAINT_ID_PATTERN
from shared.contract.values import Actor
from shared.runtime.messages.aliases import Aliases, MergedInto, passed_on
from shared.runtime.messages.interests import Interests

ANSWER_SECONDS = 8.0
"""Seconds for the whole command; after that the sender is answered with `unavailable`."""


class EraseWork:
    """Answer `erase`, at any stage, after the end as well; a merged id erases its survivor.

    For an id of which there are only quarantined copies, the copies are destroyed, without a fact.

    Refused: `unknown_actor`, `over_authority` for an actor who is no privacy officer,
    `conflict_of_interest` for a privacy officer whom the complaint is about, `unknown_complaint`, and
    `unavailable` while a service has not confirmed: the erasure is tried until all services have, and the
    same command then gets the true reply.
    """

    def __init__(
        self,
        erasing: Erasing,
        ledger_publisher: LedgerPublisher,
        actors: dict[str, Actor],
        now: Callable[[], datetime],
        interests: Interests,
    ):
        self._interests = interests
        self._erasing = erasing
        self._database = ledger_publisher.database
        self._publisher = ledger_publisher.publisher
        self._aliases = Aliases(ledger_publisher.publisher)
        self._actors = actors
        self._now = now

    async def __call__(self, request: CommandRequest, command: Command) -> BaseModel:
        assert isinstance(command, Erase)
        actor = permitted(self._actors, request, command)
        if isinstance(actor, Refusal):
            return Refused(error=actor)
        if not re.fullmatch(COMPLAINT_ID_PATTERN, request.complaint_id):
            return Refused(error=refuse(ErrorCode.UNKNOWN_COMPLAINT, field="complaint_id"))
        if conflict := await self._interests.conflict(request.complaint_id, actor.id):
            return Refused(error=conflict)
        survivor = await self._aliases.survivor(request.complaint_id)
        if survivor != request.complaint_id:
            request = passed_on(request, MergedInto(survivor))
        async with asyncio.timeout(ANSWER_SECONDS):
            row = await self._asked(request, command, actor)
            return Refused(error=row) if isinstance(row, Refusal) else await self._erasing.carry_out(row)

    async def _asked(self, request: CommandRequest, command: Erase, actor: Actor) -> ErasureRow | Refusal:
        """Stored erasure. For a complaint that is stored, the quarantine is not searched."""

        def ask(session: Session, *, quarantined: bool) -> ErasureRow | Refusal:
            return record.ask(session, request, command, actor, self._now(), quarantined=quarantined)

        row = await self._database.write(lambda session: ask(session, quarantined=False))
        if isinstance(row, Refusal) and row.code == ErrorCode.UNKNOWN_COMPLAINT:
            quarantined = bool(await leftovers.copies(self._publisher.client, [request.complaint_id]))
            return (
                await self._database.write(lambda session: ask(session, quarantined=True))
                if quarantined
                else row
            )
        return row
