"""Commands about grumbles: `answer_grumble` by staff, `promote` by staff or the customer."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime

from pydantic import BaseModel
from sqlmodel import Session

from services.intake.allowed import refused
from services.intake.grumbles.steps import GrumbleSteps
from services.intake.ledger import Entry
from services.intake.publishing import LedgerPublisher
from services.intake.verbs import permitted
from shared.contract.commands import AnswerGrumble, Command, CommandRequest, Promote, Refused
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.ids import COMPLAINT_ID_PATTERN
from shared.contract.values import Actor
from shared.runtime.messages.interests import Interests

ClockOf = Callable[[str], Awaitable[datetime]]
"""Function that reads the own clock of a grumble, by its id."""


class GrumbleCommands:
    """Answers `answer_grumble` and `promote`.

    Refused: `unknown_actor`, `conflict_of_interest` for whom it is about, `unknown_complaint`, and
    `not_allowed_now` for what is no grumble, for one that is a complaint already, for a second answer, and
    for an answer by the customer. The reply comes when the step is durable and its facts are published; a
    repeated command gets the first reply.
    """

    def __init__(
        self,
        steps: GrumbleSteps,
        ledger_publisher: LedgerPublisher,
        actors: dict[str, Actor],
        clock_of: ClockOf,
        interests: Interests,
    ) -> None:
        self.interests = interests
        self.steps = steps
        self.ledger_publisher = ledger_publisher
        self.actors = actors
        self.clock_of = clock_of

    async def __call__(self, request: CommandRequest, command: Command) -> BaseModel:
        actor = permitted(self.actors, request, command)
        if isinstance(actor, Refusal):
            return Refused(error=actor)
        if not re.fullmatch(COMPLAINT_ID_PATTERN, request.complaint_id):
            return Refused(error=refuse(ErrorCode.UNKNOWN_COMPLAINT, field="complaint_id"))
        if conflict := await self.interests.conflict(request.complaint_id, actor.id):
            return Refused(error=conflict)
        now = await self.clock_of(request.complaint_id)
        done = await self.ledger_publisher.database.write(
            lambda held: self._step(held, request, command, actor, now)
        )
        if isinstance(done, Refusal):
            return await refused(self.ledger_publisher, done, request.complaint_id, now)
        await self.ledger_publisher.entry(done)
        return done.reply

    def _step(
        self, session: Session, request: CommandRequest, command: Command, actor: Actor, now: datetime
    ) -> Entry | Refusal:
        if isinstance(command, AnswerGrumble):
            return self.steps.answer(session, request, command, actor, now)
        assert isinstance(command, Promote)
        return self.steps.promote(session, request, command, actor, now)
