"""Merged ids are aliases, for ever: where one leads, its last `merged` fact in the stream says.

So is the id of a grumble that became a complaint under the id of a later one: there `promoted` says it.

It is asked for only where the answer would otherwise be `unknown_complaint`, or that the complaint is closed
because it was merged; the straight way costs nothing. The stream is the record that all services share, so
none of them has to keep a list, and a restart forgets nothing.
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
"""The facts after which an id is an alias, if they name another one."""

LEADING_TYPES = {f"{TYPE_PREFIX}{name}.v1" for name in LEADING}

MOST_STEPS = 100
"""A chain is as long as people merged on and on; intake refuses circles, and this ends any all the same."""


GRUMBLE_VERBS = [AddContact.VERB, AnswerGrumble.VERB, Promote.VERB]


@dataclass(frozen=True)
class Moved:
    """The complaint goes on under another id: one step, the next may lead further."""

    into: str


class Aliases:
    """Follows merged ids."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    async def moved(self, complaint_id: str) -> Moved | None:
        """Where this id leads, one step; None for one that was never merged (or is no id at all)."""
        if not re.fullmatch(COMPLAINT_ID_PATTERN, complaint_id):
            return None
        for name in LEADING:
            into = await self._into(name, complaint_id)
            if into is not None and into != complaint_id:
                return Moved(into)
        return None

    async def no_case(self, complaint_id: str) -> Refusal:
        """Why an id has no case: `unknown_complaint`, and what else it is, if known: an alias, or a grumble.

        `unavailable` with the field `complaint_id` while what was received waits for its case.
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
        """Received, and routing has not said a word about it: in the stream, or in the line on disk."""
        received = await self._last(Received.NAME, complaint_id)
        return received is not None and await self._last(Triaged.NAME, complaint_id) is None

    async def _into(self, name: str, complaint_id: str) -> str | None:
        """What the last fact of this name says, if there is one."""
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
        """The id at the end of the chain: itself, if it was never merged."""
        for _ in range(MOST_STEPS):
            step = await self.moved(complaint_id)
            if step is None:
                return complaint_id
            complaint_id = step.into
        raise RuntimeError(f"{complaint_id} is merged in a circle")


def merged_into(timeline: Iterable[dict[str, Any]]) -> str | None:
    """Where the facts of one complaint say that it was merged into; for whoever has read them anyway."""
    leading = (event for event in timeline if event["type"] in LEADING_TYPES)
    found = [event["data"]["into"] for event in leading if event["data"]["into"] != event["subject"]]
    return str(found[-1]) if found else None


def passed_on(request: CommandRequest, moved: Moved) -> CommandRequest:
    """The command as the survivor gets it.

    Its id names the alias, too: senders number their commands per complaint, and one that was meant for
    the alias must not be taken for a repeat of one to the survivor. The same command to the same alias has
    the same id however often it comes, so it is carried out once.
    """
    command_id = f"{request.command_id}~{request.complaint_id}"
    return request.model_copy(update={"complaint_id": moved.into, "command_id": command_id})
