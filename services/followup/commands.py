"""Routing of a complaint's commands to its workflow. `Commanding` does the rest."""

import asyncio
import re

from nats.js.errors import NotFoundError

from services.followup import refusals
from services.followup.consumers import OPENING_FACTS
from services.followup.store import Store
from services.followup.tables import FollowUpRow
from shared.contract import subjects
from shared.contract.envelope import RawEvent
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import FactHeader, Received
from shared.contract.ids import COMPLAINT_ID_PATTERN, followup_workflow_id
from shared.contract.values import Outcome
from shared.runtime.messages.aliases import Aliases, MergedInto
from shared.runtime.messages.publishing import Publisher

OPENS_WITHIN = 5.0
"""Seconds to wait for a follow-up whose complaint was resolved just now."""

LOOK_AGAIN = 0.05


class CurrentFollowUp:
    """Finds the open follow-up of a complaint; call it with a complaint id."""

    def __init__(self, store: Store, publisher: Publisher) -> None:
        self._store = store
        self._publisher = publisher
        self._aliases = Aliases(publisher)

    async def __call__(self, complaint_id: str) -> str | Refusal | MergedInto:
        """Id of the workflow, or the complaint that it was merged into; refused: `unknown_complaint`,
        `not_allowed_now`.
        """
        if not re.match(COMPLAINT_ID_PATTERN, complaint_id):
            return refuse(ErrorCode.UNKNOWN_COMPLAINT, field="complaint_id")
        row = await self._store.latest(complaint_id)
        if row and row.outcome == Outcome.MERGED:
            return await self._aliases.moved(complaint_id) or _ended(row)
        found = row if row and not row.ended else await self._just_opened(complaint_id, row)
        if isinstance(found, Refusal | MergedInto):
            return found
        return _ended(found) if found.ended else followup_workflow_id(complaint_id, found.cycle)

    async def _just_opened(
        self, complaint_id: str, last: FollowUpRow | None
    ) -> FollowUpRow | Refusal | MergedInto:
        """Wait for a follow-up that is about to begin: a client may send a command as soon as it has seen
        `resolved`.
        """
        headers = [await self._last(name, complaint_id) for name in OPENING_FACTS]
        cycle = max((header.cycle for header in headers if header), default=0)
        if last is not None and cycle <= last.cycle:
            return last
        if cycle == 0:
            return await self._why_none(complaint_id)
        try:
            async with asyncio.timeout(OPENS_WITHIN):
                while True:
                    row = await self._store.latest(complaint_id)
                    if row is not None and row.cycle >= cycle:
                        return row
                    await asyncio.sleep(LOOK_AGAIN)
        except TimeoutError:
            return refuse(ErrorCode.UNAVAILABLE)

    async def _why_none(self, complaint_id: str) -> Refusal | MergedInto:
        if await self._last(Received.NAME, complaint_id) is None:
            moved = await self._aliases.moved(complaint_id)
            return moved or await self._aliases.no_case(complaint_id)
        return refuse(refusals.NOT_RESOLVED)

    async def _last(self, name: str, complaint_id: str) -> FactHeader | None:
        """Header of the last fact of this name in the stream."""
        stream = self._publisher.client.jetstream()
        try:
            message = await stream.get_last_msg(
                subjects.EVENTS_STREAM, subjects.event(name, complaint_id), direct=True
            )
        except NotFoundError:
            return None
        return FactHeader.model_validate(RawEvent.model_validate_json(message.data or b"").data)


def _ended(row: FollowUpRow) -> Refusal:
    return refuse(refusals.REOPENED) if row.reopened else refuse(refusals.CLOSED_AS, outcome=row.outcome)
