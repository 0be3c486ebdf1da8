"""Commands to intake: `add_contact`, for a complainant who comes again about the same complaint."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from pydantic import BaseModel

from services.intake import refusals
from services.intake.allowed import refused
from services.intake.complaint_status import status_of
from services.intake.contacts import Contacts
from services.intake.duplicates.merging import moved_on
from services.intake.ledger import entered
from services.intake.publishing import LedgerPublisher
from services.intake.verbs import permitted
from shared.contract.commands import AddContact, Command, CommandRequest, Refused
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.ids import COMPLAINT_ID_PATTERN
from shared.contract.submission import FUTURE_TOLERANCE_SECONDS
from shared.contract.values import CUSTOMER, Actor
from shared.policy.models import Pack
from shared.runtime.after_closing import closed
from shared.runtime.messages.aliases import MergedInto, passed_on
from shared.runtime.messages.interests import Interests

TOLERANCE = timedelta(seconds=FUTURE_TOLERANCE_SECONDS)


def roster(pack: Pack) -> dict[str, Actor]:
    """All actors who may send commands, with the role that the policy gives them."""
    staff = {person.id: Actor(id=person.id, role=person.role) for person in pack.staff}
    return staff | {CUSTOMER: Actor(id=CUSTOMER, role=CUSTOMER)}


class AddContactWork:
    """Answers `add_contact` from every actor on the roster, or from the complainant.

    Refused: `unknown_actor`, `conflict_of_interest` for an actor whom the complaint is about,
    `unknown_complaint`, and `malformed` for an `at` in the future. The reply comes when the text and the
    fact are durable and `contact_added` is published. To a merged id it is a contact of the survivor,
    which the reply names.
    """

    def __init__(
        self,
        contacts: Contacts,
        ledger_publisher: LedgerPublisher,
        actors: dict[str, Actor],
        now: Callable[[], datetime],
        interests: Interests,
    ) -> None:
        self.interests = interests
        self.contacts = contacts
        self.ledger_publisher = ledger_publisher
        self.database = ledger_publisher.database
        self.actors = actors
        self.now = now

    async def __call__(self, request: CommandRequest, command: Command) -> BaseModel:
        assert isinstance(command, AddContact)
        contact, now = command, self.now()
        actor = permitted(self.actors, request, command)
        if isinstance(actor, Refusal):
            return Refused(error=actor)
        if contact.at and contact.at > now + TOLERANCE:
            return Refused(error=refuse(refusals.CONTACT_IN_FUTURE))
        if not re.fullmatch(COMPLAINT_ID_PATTERN, request.complaint_id):
            return _unknown_complaint()
        if conflict := await self.interests.conflict(request.complaint_id, actor.id):
            return Refused(error=conflict)
        complaint, command_id = request.complaint_id, request.command_id
        known, moved = await self.database.read(
            lambda session: (
                entered(session, complaint, command_id),
                moved_on(session, complaint),
            )
        )
        if known and known.unpublished == []:
            return known.reply
        if moved and known is None:
            return await self(passed_on(request, moved), command)
        standing = await status_of(self.ledger_publisher.publisher.client, complaint, now)
        if not standing.open and known is None:
            why = closed(complaint, danger=self.contacts.in_danger(contact))
            return await refused(self.ledger_publisher, why, complaint, now)
        added = await self.database.write(
            lambda session: self.contacts.add(session, request, contact, actor, standing)
        )
        if isinstance(added, MergedInto):
            return await self(passed_on(request, added), command)
        if added is None:
            return _unknown_complaint()
        await self.ledger_publisher.entry(added)
        return added.reply


def _unknown_complaint() -> Refused:
    return Refused(error=refuse(ErrorCode.UNKNOWN_COMPLAINT, field="complaint_id"))
