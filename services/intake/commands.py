"""Commands to intake: `add_contact`, for a complainant who comes again about the same matter."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from pydantic import BaseModel

from services.intake.contacts import Contacts, Standing
from shared.contract.commands import AddContact, Command, CommandRequest, Refused
from shared.contract.errors import ErrorCode, refuse
from shared.contract.ids import COMPLAINT_ID_PATTERN
from shared.contract.submission import FUTURE_TOLERANCE_SECONDS
from shared.contract.values import CUSTOMER, Actor, Stage
from shared.policy.models import Pack
from shared.runtime.database import Database
from shared.runtime.publishing import Publisher
from shared.runtime.timeline import read_timeline

TOLERANCE = timedelta(seconds=FUTURE_TOLERANCE_SECONDS)


def roster(pack: Pack) -> dict[str, Actor]:
    """Everybody who may order something, with the role that the policy gives them."""
    staff = {person.id: Actor(id=person.id, role=person.role) for person in pack.staff}
    return staff | {CUSTOMER: Actor(id=CUSTOMER, role=CUSTOMER)}


class AddContactWork:
    """Answers `add_contact` from anybody on the roster, or from the complainant.

    Refused: `unknown_actor`, `unknown_complaint`, and `malformed` for an `at` in the future. The reply
    comes when the text and the fact are durable and `contact_added` is published.
    """

    def __init__(
        self,
        contacts: Contacts,
        database: Database,
        publisher: Publisher,
        actors: dict[str, Actor],
        now: Callable[[], datetime],
    ) -> None:
        self.contacts = contacts
        self.database = database
        self.publisher = publisher
        self.actors = actors
        self.now = now

    async def __call__(self, request: CommandRequest, command: Command) -> BaseModel:
        assert isinstance(command, AddContact)
        contact, now = command, self.now()
        actor = self.actors.get(request.actor.id)
        if actor is None:
            return Refused(error=refuse(ErrorCode.UNKNOWN_ACTOR, field="actor.id"))
        if contact.at and contact.at > now + TOLERANCE:
            words = "data.at: lies in the future"
            return Refused(error=refuse(ErrorCode.MALFORMED, detail=words, field="data.at"))
        if not re.fullmatch(COMPLAINT_ID_PATTERN, request.complaint_id):
            return _unknown_complaint()
        known = await self.database.read(lambda session: self.contacts.reply(session, request))
        if known and known.unsaid == []:
            return known.reply
        standing = await self._standing(request.complaint_id, now)
        if standing.stage == Stage.CLOSED and known is None:
            return Refused(error=refuse(ErrorCode.NOT_ALLOWED_NOW, detail="the complaint is closed"))
        added = await self.database.write(
            lambda session: self.contacts.add(session, request, contact, actor, standing)
        )
        if added is None:
            return _unknown_complaint()
        if added.unsaid:
            await self.publisher.say(added.unsaid, again=added.again)
            await self.database.write(lambda session: self.contacts.said(session, added))
        return added.reply

    async def _standing(self, complaint: str, now: datetime) -> Standing:
        """By the last fact that anybody has said; intake itself only knows how it began."""
        facts = await read_timeline(self.publisher.client, complaint)
        if not facts:
            return Standing(now)
        last = facts[-1]
        at = max(now, datetime.fromisoformat(last["time"]))
        return Standing(at, last["data"]["cycle"], Stage(last["data"]["stage"]))


def _unknown_complaint() -> Refused:
    return Refused(error=refuse(ErrorCode.UNKNOWN_COMPLAINT, field="complaint_id"))
