"""All lives at once: what is sent in, who plays which script, and what is found wrong at the end."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

from deploy.demo.catalogue import Catalogue, Complaint
from deploy.demo.life import Life, MovesClock
from deploy.demo.outside import OutsideWorld
from deploy.demo.over_http import OverHttp
from deploy.demo.record import Record, WentOtherwise
from deploy.demo.scripts import SCRIPTS
from shared.contract.subjects import Channel
from shared.contract.submission import GRUMBLED

LIFE_WITHIN = 240.0


class Company:
    """All outside parties: the sending systems, the complainants and the people who handle complaints."""

    def __init__(
        self,
        catalogue: Catalogue,
        run: str,
        outside: OutsideWorld,
        over_http: OverHttp,
        record: Record,
        move: MovesClock,
    ) -> None:
        self._catalogue = catalogue
        self._run = run
        self._outside = outside
        self._over_http = over_http
        self._record = record
        self._move = move

    async def send_all(self) -> None:
        """Every complaint, some of them twice, and what is broken among them."""
        now = datetime.now(UTC)
        for complaint in self._catalogue.complaints:
            body = json.dumps(complaint.submission(self._run, now), ensure_ascii=False).encode()
            for _ in range(2 if complaint.id in self._catalogue.sent_twice else 1):
                await self._submit(complaint.who.channel, body)
        received: dict[str, str] = {}
        for grumble in self._catalogue.grumbles:
            if grumble.again:  # the second grumble of a customer, once the first was received
                await self._record.stories[received[grumble.again]].sees("grumbled")
            received[grumble.id] = grumble.complaint_id(self._run)
            body = json.dumps(grumble.submission(self._run, now, GRUMBLED), ensure_ascii=False).encode()
            await self._submit(grumble.who.channel, body)
        for number, broken in enumerate(self._catalogue.broken):
            await self._outside.submit(broken.channel, broken.message(self._run, number))

    async def _submit(self, channel: Channel, body: bytes) -> None:
        """As messages over NATS; those from the web over HTTP."""
        over_http = channel in self._over_http.CHANNELS
        await (self._over_http if over_http else self._outside).submit(channel, body)

    async def live(self) -> list[str]:
        """Play all scripts at the same time; a sentence for each life that broke off."""
        policy = await self._outside.query("policy")
        lives = [self._live_one(complaint, policy) for complaint in self._catalogue.lives]
        return [sentence for sentence in await asyncio.gather(*lives) if sentence]

    async def _live_one(self, complaint: Complaint, policy: dict[str, Any]) -> str | None:
        complaint_id = complaint.complaint_id(self._run)
        stories = self._record.stories
        life = Life(complaint, complaint_id, self._outside, stories, policy, self._move, self._run)
        try:
            async with asyncio.timeout(LIFE_WITHIN):
                script = SCRIPTS[complaint.life.script]
                await life.story.sees(script.begins_with)
                await script.play(life)
                if complaint.life.ends:
                    await life.story.sees("closed")
        except WentOtherwise as otherwise:
            return f"{complaint.called}: {otherwise}"
        except Exception as error:
            # A failure of one life must not hide the results of the others.
            return f"{complaint.called}: {type(error).__name__}: {str(error)[:200]}"
        return None
