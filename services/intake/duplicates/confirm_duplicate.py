"""`confirm_duplicate`: a member of staff confirms that two complaints of a customer have one subject."""

import asyncio
import re
from collections.abc import Callable
from datetime import datetime

from nats.js.errors import NotFoundError
from pydantic import BaseModel
from sqlmodel import Session

from services.intake.allowed import refused
from services.intake.complaint_status import statuses_of
from services.intake.duplicates.merging import Pair, closed, merge, why_not
from services.intake.ledger import Entry, entered
from services.intake.publishing import LedgerPublisher
from services.intake.verbs import permitted
from shared.contract import subjects
from shared.contract.commands import Command, CommandRequest, ConfirmDuplicate, Refused
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import Closed
from shared.contract.ids import COMPLAINT_ID_PATTERN
from shared.contract.values import Actor
from shared.runtime.messages.interests import Interests
from shared.runtime.texts.keeping import Texts

CLOSED_WITHIN, LOOK_AGAIN = 8.0, 0.05
"""Seconds to wait until routing and followup have done their part; after that the sender asks again."""


class ConfirmDuplicateWork:
    """Answer `confirm_duplicate` from every actor on the roster; never from the complainant.

    Refused: `unknown_actor`, `over_authority` for the complainant, `conflict_of_interest` for an actor
    whom either of the two is about, `unknown_complaint`, `still_open` for items that the survivor could
    not continue, and `not_allowed_now` for different customers, for the complaint itself, for a circle,
    and for a complaint that was merged before or is closed. The reply comes when the duplicate is closed,
    so that afterwards its id reaches the survivor everywhere.
    """

    def __init__(
        self,
        ledger_publisher: LedgerPublisher,
        texts: Texts,
        actors: dict[str, Actor],
        now: Callable[[], datetime],
        interests: Interests,
    ) -> None:
        self.interests = interests
        self.ledger_publisher = ledger_publisher
        self.texts = texts
        self.database = ledger_publisher.database
        self.actors = actors
        self.now = now

    async def __call__(self, request: CommandRequest, command: Command) -> BaseModel:
        assert isinstance(command, ConfirmDuplicate)
        actor = permitted(self.actors, request, command)
        if isinstance(actor, Refusal):
            return Refused(error=actor)
        if not re.fullmatch(COMPLAINT_ID_PATTERN, request.complaint_id):
            return Refused(error=refuse(ErrorCode.UNKNOWN_COMPLAINT, field="complaint_id"))
        for complaint in (request.complaint_id, command.of):
            if conflict := await self.interests.conflict(complaint, actor.id):
                return Refused(error=conflict)
        done = await self._done(request, command.of, actor)
        if isinstance(done, Refusal):
            return await refused(self.ledger_publisher, done, request.complaint_id, self.now())
        await self.ledger_publisher.entry(done)
        await self._closed(request.complaint_id)
        return done.reply

    async def _done(self, request: CommandRequest, of: str, actor: Actor) -> Entry | Refusal:
        """Read the status of both complaints from the stream; then decide once more, and write."""

        def look(session: Session) -> Entry | Refusal | Pair:
            known = entered(session, request.complaint_id, request.command_id)
            return known or why_not(session, request, of)

        found = await self.database.read(look)
        if not isinstance(found, Pair):
            return found
        both = (found.duplicate, found.survivor)
        for complaint in both:
            await self.ledger_publisher.everything(complaint)
        statuses = await statuses_of(self.ledger_publisher.publisher.client, both, self.now())
        pair = Pair(*both, statuses)
        if refusal := closed(pair):
            return refusal
        return await self.database.write(lambda session: merge(session, self.texts, request, of, actor, pair))

    async def _closed(self, duplicate: str) -> None:
        """Wait for the last fact of the duplicate; raises `TimeoutError`, which is answered with
        `unavailable`.
        """
        stream = self.ledger_publisher.publisher.client.jetstream()
        subject = subjects.event(Closed.NAME, duplicate)
        async with asyncio.timeout(CLOSED_WITHIN):
            while True:
                try:
                    await stream.get_last_msg(subjects.EVENTS_STREAM, subject, direct=True)
                    return
                except NotFoundError:
                    await asyncio.sleep(LOOK_AGAIN)
