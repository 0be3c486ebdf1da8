"""Whom a complaint is about, as the stream has it: asked before every verb and every text, in every service.

The facts that name somebody are the record that all services share: whoever was told so, has published it
before the reply, so between the telling and the asking nobody passes. A complaint and what was merged into
it, or what it was merged into, are one matter with one set.
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
"""Those that a complaint may have more than one of."""

MOST = 200
"""So many complaints may be one matter; nobody merges more, and a circle ends here."""


class Interests:
    """The people of the policy in force, and which of them a complaint is about."""

    def __init__(self, publisher: Publisher, pack: Pack) -> None:
        self._publisher = publisher
        self.people = people(pack)
        self.roster = roster_id(pack)
        self.names = Names(pack)

    async def conflict(self, complaint_id: str, actor: str, field: str = "actor.id") -> Refusal | None:
        """Why this member of staff may neither act on the complaint nor read of it; None for all others."""
        person = self.people.get(actor)
        if person is None:
            return None
        found = await self.of(complaint_id)
        if not found.holds(person.id, person.units):
            return None
        return refuse(refusals.CONCERNED, field=field, actor=actor)

    async def of(self, complaint_id: str) -> Concerned:
        """Whom it is about, with all that is one matter with it."""
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
        """Its facts that may name somebody, or lead to others: one look where each was said once at most."""
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
    """The last message on each of these subjects, by one batched direct get."""
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
