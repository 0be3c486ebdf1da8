"""Aliases: ids of merged complaints, for ever. The last `merged` fact in the stream names the survivor.

The id of a grumble that became a complaint under the id of a later grumble is an alias, too; its
`promoted` fact names the complaint.

The stream is read only where the answer would otherwise be `unknown_complaint`, or that the complaint is
closed because it was merged. The usual request costs nothing. All services share the stream, so none of
them has to keep a list, and a restart loses nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nats.js.errors import NotFoundError

from shared.contract import subjects
from shared.contract.commands import AddContact, AnswerGrumble, CommandRequest, Promote
from shared.contract.envelope import RawEvent
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import TYPE_PREFIX, Grumbled, Merged, Promoted, Received, Triaged
from shared.contract.ids import COMPLAINT_ID_PATTERN
from shared.runtime import refusals
from shared.runtime.messages.publishing import Publisher

LEADING = (Merged.NAME, Promoted.NAME)
"""Facts after which an id is an alias, if they name another id."""

LEADING_TYPES = {f"{TYPE_PREFIX}{name}.v1" for name in LEADING}

MOST_STEPS = 100
"""Longest chain of aliases that is followed. Intake refuses circles; this limit ends any that remain."""


GRUMBLE_VERBS = [AddContact.VERB, AnswerGrumble.VERB, Promote.VERB]


@dataclass(frozen=True)
class MergedInto:
    """Next id of a merged complaint: one step, the next may lead further."""

    into: str


class Aliases:
    """Follows merged ids."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    async def moved(self, complaint_id: str) -> MergedInto | None:
        """Next id after this id, one step; None for an id that was never merged (or is no id at all)."""
        if not re.fullmatch(COMPLAINT_ID_PATTERN, complaint_id):
            return None
        for name in LEADING:
            into = await self._into(name, complaint_id)
            if into is not None and into != complaint_id:
                return MergedInto(into)
        return None

    async def no_case(self, complaint_id: str) -> Refusal:
        """Refusal for an id without a case: `unknown_complaint`, with more detail for an alias or a grumble.

        `unavailable` with the field `complaint_id` while a received complaint waits for its case.
        """
        plain = refuse(ErrorCode.UNKNOWN_COMPLAINT, field="complaint_id")
        if not re.fullmatch(COMPLAINT_ID_PATTERN, complaint_id):
            return plain
        if (moved := await self.moved(complaint_id)) is not None:
            return refuse(refusals.JOINED, into=moved.into)
        if await self._waits_for_its_case(complaint_id):
            return refuse(refusals.NOT_OPEN_YET)
        if await self._last(Grumbled.NAME, complaint_id) is None:
            return plain
        return refuse(refusals.IS_A_GRUMBLE, allowed=GRUMBLE_VERBS)

    async def _waits_for_its_case(self, complaint_id: str) -> bool:
        """Whether a complaint was received and routing has published nothing about it: it is in the stream,
        or in the queue on disk.
        """
        received = await self._last(Received.NAME, complaint_id)
        return received is not None and await self._last(Triaged.NAME, complaint_id) is None

    async def _into(self, name: str, complaint_id: str) -> str | None:
        """Id that the last fact of this name leads to, if there is one."""
        event = await self._last(name, complaint_id)
        return str(event.data["into"]) if event else None

    async def _last(self, name: str, complaint_id: str) -> RawEvent | None:
        stream = self._publisher.client.jetstream()
        subject = subjects.event(name, complaint_id)
        try:
            message = await stream.get_last_msg(subjects.EVENTS_STREAM, subject, direct=True)
        except NotFoundError:
            return None
        return RawEvent.model_validate_json(message.data or b"")

    async def survivor(self, complaint_id: str) -> str:
        """Id at the end of the chain: itself, if it was never merged."""
        for _ in range(MOST_STEPS):
            step = await self.moved(complaint_id)
            if step is None:
                return complaint_id
            complaint_id = step.into
        raise RuntimeError(f"{complaint_id} is merged in a circle")


def merged_into(timeline: Iterable[dict[str, Any]]) -> str | None:
    """Id into which the facts of one complaint merged it, for a caller that has read them anyway."""
    leading = (event for event in timeline if event["type"] in LEADING_TYPES)
    found = [event["data"]["into"] for event in leading if event["data"]["into"] != event["subject"]]
    return str(found[-1]) if found else None


def passed_on(request: CommandRequest, moved: MergedInto) -> CommandRequest:
    """Command as the survivor receives it.

    Its id names the alias, too. Senders number their commands per complaint, and a command to the alias
    must not be taken for a repeat of a command to the survivor. The same command to the same alias always
    has the same id, so it is carried out once.
    """
    command_id = f"{request.command_id}~{request.complaint_id}"
    return request.model_copy(update={"complaint_id": moved.into, "command_id": command_id})
