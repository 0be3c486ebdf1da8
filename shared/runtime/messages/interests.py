"""People and units that a complaint concerns, according to the stream: read before every verb and every text,
in every service.

The facts that name them are the record that all services share. A service publishes such a fact before it
replies, so no request after the reply can pass unchecked. A complaint, those merged into it and the one it
was merged into share one set.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import orjson
from nats.aio.client import Client

from shared.contract import refusals, subjects
from shared.contract.concerned import NAMING, concerned_by
from shared.contract.errors import Refusal, refuse
from shared.contract.events import (
    TYPE_PREFIX,
    ConcernedAdded,
    ContactAdded,
    Merged,
    Promoted,
    RecordCompleted,
)
from shared.contract.ids import COMPLAINT_ID_PATTERN
from shared.contract.values import Concerned
from shared.policy.models import Pack
from shared.policy.people import Names, people, roster_id
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.timeline import END_OF_BATCH, NOT_FOUND, WAIT, pages

ASKED = (*(fact.NAME for fact in NAMING), Merged.NAME, Promoted.NAME)
NAMING_TYPES = frozenset(f"{TYPE_PREFIX}{fact.NAME}.v1" for fact in NAMING)

SEVERAL = frozenset(
    f"{TYPE_PREFIX}{fact.NAME}.v1" for fact in (ContactAdded, RecordCompleted, ConcernedAdded)
)
"""Facts of this kind that a complaint may have more than once."""

MOST = 200
"""Most complaints that are read as merged with each other. A circle ends here."""


class Interests:
    """People of the policy in force, and those that a complaint concerns."""

    def __init__(self, publisher: Publisher, pack: Pack) -> None:
        self._publisher = publisher
        self.people = people(pack)
        self.roster = roster_id(pack)
        self.names = Names(pack)

    async def conflict(self, complaint_id: str, actor: str, field: str = "actor.id") -> Refusal | None:
        """Reason why this member of staff may neither act on the complaint nor read of it; None for all
        others.
        """
        person = self.people.get(actor)
        if person is None:
            return None
        found = await self.of(complaint_id)
        if not found.holds(person.id, person.units):
            return None
        return refuse(refusals.CONCERNED, field=field, actor=actor)

    async def of(self, complaint_id: str) -> Concerned:
        """People and units that it concerns, with all complaints merged with it."""
        found, seen, to_read = Concerned(), set[str](), [complaint_id]
        while to_read and len(seen) < MOST:
            one = to_read.pop()
            if one in seen or not re.fullmatch(COMPLAINT_ID_PATTERN, one):
                continue
            seen.add(one)
            async for event in self._naming(one):
                data = event["data"]
                found = found.joined(concerned_by(data)) if event["type"] in NAMING_TYPES else found
                linked = [data.get(field) for field in ("into", "alias", "contact")]
                to_read += [one for one in (*linked, *data.get("grumbles", ())) if isinstance(one, str)]
        return found

    async def _naming(self, complaint_id: str) -> AsyncIterator[dict[str, Any]]:
        """Facts of it that may name a person, or lead to other complaints: one read where each was published
        once at most.
        """
        client = self._publisher.client
        last = await _last_of_each(client, [subjects.event(name, complaint_id) for name in ASKED])
        for subject, event in last.items():
            if event["type"] not in SEVERAL:
                yield event
                continue
            async for page in pages(client, subject):
                for one in page:
                    yield one


async def _last_of_each(client: Client, wanted: list[str]) -> dict[str, dict[str, Any]]:
    """Last message on each of these subjects, by one batched direct get."""
    inbox = client.new_inbox()
    answers = await client.subscribe(inbox)
    try:
        await client.publish(
            f"$JS.API.DIRECT.GET.{subjects.EVENTS_STREAM}",
            orjson.dumps({"multi_last": wanted, "batch": len(wanted)}),
            reply=inbox,
        )
        found: dict[str, dict[str, Any]] = {}
        async with asyncio.timeout(WAIT):
            while True:
                answer = await answers.next_msg(timeout=None)
                headers = answer.headers or {}
                if headers.get("Status") in (END_OF_BATCH, NOT_FOUND):
                    return found
                found[headers["Nats-Subject"]] = orjson.loads(answer.data)
    finally:
        await answers.unsubscribe()
