"""Life of one complaint as the outside sees it: its clock, its facts, and the messages about it."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import yaml

from deploy.demo.catalogue import Complaint
from deploy.demo.outside import OutsideWorld
from deploy.demo.record import Story, WentOtherwise
from shared.contract.subjects import Channel

WORDS = Path(__file__).with_name("words.yaml")
A_MOMENT = timedelta(minutes=10)
"""Clocks are moved to a little after what falls due. What happens then takes seconds of its own on a busy
machine; a target that passes by itself meanwhile was seen to send the clock on to the next due instant."""


class MovesClock(Protocol):
    """Moves the clocks of a complaint's workflows and returns their new time."""

    async def __call__(self, complaint_id: str, delta: timedelta) -> datetime: ...


class Life:
    """State of one complaint that its actors share."""

    def __init__(
        self,
        complaint: Complaint,
        complaint_id: str,
        outside: OutsideWorld,
        stories: Mapping[str, Story],
        policy: dict[str, Any],
        move: MovesClock,
        run: str = "",
    ) -> None:
        self.complaint = complaint
        self.run = run
        self.complaint_id = complaint_id
        self.story = stories[complaint_id]
        self.policy = policy
        self._outside = outside
        self._stories = stories
        self._move = move
        self._ahead = timedelta(0)
        self._sent: Counter[str] = Counter()

    @property
    def now(self) -> datetime:
        """Instant by the complaint's own clock."""
        return datetime.now(UTC) + self._ahead

    @property
    def owner(self) -> str:
        """Accountable person, according to the facts."""
        return str(self.story.last("assigned").data["owner"])

    def words(self, key: str) -> str:
        """Sentence of a person, in the complainant's language."""
        return _words()[self.complaint.who.language][key]

    async def send(self, verb: str, actor: str, **data: Any) -> dict[str, Any]:
        """Send a command that must be accepted; returns its reply. Its facts are seen before this returns."""
        self._sent[verb] += 1
        before = Counter(fact.name for fact in self.story.facts)
        reply = await self._outside.command(
            verb, self.complaint_id, f"{verb}-{self._sent[verb]}", actor, data
        )
        if not reply["ok"]:
            error = reply["error"]
            raise WentOtherwise(f"{verb} by {actor} was refused: {error['code']}: {error['message']}")
        for name, count in Counter(reply["events"]).items():
            await self.story.sees(name, before[name] + count)
        return reply

    async def comes_again(self, channel: Channel) -> str:
        """Send it once more by another channel; returns the id that this message would have."""
        alias, message = self.complaint.once_more(self.run, datetime.now(UTC), self.words("again"))
        await self._outside.submit(channel, json.dumps(message, ensure_ascii=False).encode())
        await self.story.until(lambda: self._has_contact(alias), f"the contact that was {alias}")
        return alias

    async def merged_into(self, twin: str, actor: str) -> None:
        """Confirm a duplicate: its id leads to the other complaint, where a contact is added."""
        reply = await self._outside.command(
            "confirm_duplicate", self.complaint_id, "confirm", actor, {"of": twin}
        )
        if not reply["ok"]:
            raise WentOtherwise(f"confirm_duplicate was refused: {reply['error']['message']}")

    async def leads_to(self, survivor: str, alias: str) -> None:
        """Check that a message to `alias` reaches `survivor`, once that has its case; `WentOtherwise` if
        not.
        """
        await self._stories[survivor].sees("assigned")
        found = await self._outside.query("complaint", complaint_id=alias)
        if (found["complaint_id"], found.get("alias")) != (survivor, alias):
            raise WentOtherwise(f"{alias} leads to {found['complaint_id']}, and not to {survivor}")

    def _has_contact(self, alias: str) -> bool:
        return any(fact.data.get("alias") == alias for fact in self.story.all("contact_added"))

    async def forward(self, delta: timedelta) -> None:
        """Let time pass: the clocks of this complaint move, and what fell due is published."""
        shown = await self._move(self.complaint_id, delta)
        self._ahead = shown - datetime.now(UTC)

    async def forward_to(self, instant: datetime) -> None:
        """Let time pass until just after `instant`."""
        await self.forward(max(instant - self.now, timedelta(0)) + A_MOMENT)


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = yaml.safe_load(WORDS.read_text("utf-8"))
    return words
