"""Commands to intake: `add_contact`, for a complainant who comes again about the same matter."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from pydantic import BaseModel

from services.intake.contacts import Contacts, Standing
from services.intake.ledger import entered
from services.intake.saying import Saying
from shared.contract.commands import AddContact, Command, CommandRequest, Refused
from shared.contract.errors import ErrorCode, refuse
from shared.contract.ids import COMPLAINT_ID_PATTERN
from shared.contract.submission import FUTURE_TOLERANCE_SECONDS
from shared.contract.values import CUSTOMER, Actor, Stage
from shared.policy.models import Pack
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
        saying: Saying,
        actors: dict[str, Actor],
        now: Callable[[], datetime],
    ) -> None:
        self.contacts = contacts
        self.saying = saying
        self.database = saying.database
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
        complaint, command_id = request.complaint_id, request.command_id
        known = await self.database.read(lambda session: entered(session, complaint, command_id))
        if known and known.unsaid == []:
            return known.reply
        standing = await self._standing(complaint, now)
        if standing.stage == Stage.CLOSED and known is None:
            return Refused(error=refuse(ErrorCode.NOT_ALLOWED_NOW, detail="the complaint is closed"))
        added = await self.database.write(
            lambda session: self.contacts.add(session, request, contact, actor, standing)
        )
        if added is None:
            return _unknown_complaint()
        await self.saying.entry(added)
        return added.reply

    async def _standing(self, complaint: str, now: datetime) -> Standing:
        """By the last fact that anybody has said; intake itself only knows how it began."""
        facts = await read_timeline(self.saying.publisher.client, complaint)
        if not facts:
            return Standing(now)
        last = facts[-1]
        at = max(now, datetime.fromisoformat(last["time"]))
        return Standing(at, last["data"]["cycle"], Stage(last["data"]["stage"]))


def _unknown_complaint() -> Refused:
    return Refused(error=refuse(ErrorCode.UNKNOWN_COMPLAINT, field="complaint_id"))
