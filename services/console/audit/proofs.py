"""Fetching what proves a deadline: certificates, the facts in the stream, the policies by their hashes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from datetime import UTC, datetime, timedelta
from typing import Any

from nats.aio.client import Client

from services.console.audit.unreadable import UnreadablePart, read_part
from services.console.audit.verifier.comparing import Verdict, policies, verify
from services.console.display.missing import missing
from shared.client.failures import AmendsError
from shared.client.paging import every_item, timeline_of, whole_state
from shared.client.requests import ask, result_of
from shared.contract.queries import Kept

Json = dict[str, Any]

LOOKS = 5
"""Number of readings. A complaint may change between the reading of its certificates and that of its facts:
then both are read again.
"""
PAUSE_SECONDS = 0.5
PAGE = 500
LENIENCY = timedelta(minutes=1)
"""Time after which a deadline that has run out must have been published as such."""


class Proofs:
    """Reads and judges, one complaint after the other. A policy that was read once is remembered."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._contents: dict[str, str] = {}

    async def certificates(self, complaint_id: str) -> list[Json]:
        """Read the certificates from routing: of a merged complaint its own, not those of its survivor.

        Raises `AmendsError` naming what is missing, where not all that they rest on is stored.
        """
        state = await whole_state(self._client, _of(complaint_id))
        if what := missing(Kept.model_validate(state["kept"])):
            raise AmendsError(what, code="not_on_record")
        return list(state.get("certificates", []))

    async def own_case(self, asked: str) -> str:
        """Id of the complaint, or of its survivor if it was joined at intake and so never was a case."""
        state = await result_of(self._client, "complaint", {"complaint_id": asked})
        if state.get("alias") is None or (await ask(self._client, "complaint", _of(asked)))["ok"]:
            return asked
        return str(state["complaint_id"])

    async def judged(self, complaint_id: str) -> list[Verdict]:
        """Verdict for every deadline of a complaint."""
        verdicts: list[Verdict] = []
        for look in range(LOOKS):
            if look:
                await asyncio.sleep(PAUSE_SECONDS)
            given = await self.certificates(complaint_id)
            verdicts = await self.judge(complaint_id, given, complete=True)
            if all(verdict.ok for verdict in verdicts):
                break
        return verdicts

    async def or_unreadable(self, complaint_id: str, judging: Awaitable[list[Verdict]]) -> list[Verdict]:
        """Verdicts; or one verdict that names what cannot be read of this complaint, so that a pass goes
        on.
        """
        try:
            return await read_part("its deadlines", judging, lambda: result_of(self._client, "backlog"))
        except UnreadablePart as unreadable:
            return [Verdict(complaint_id, "(complaint)", 1, "", [str(unreadable)])]

    async def judge(self, complaint_id: str, given: list[Json], *, complete: bool) -> list[Verdict]:
        """Verdict for each of these certificates."""
        timeline = await timeline_of(self._client, _of(complaint_id))
        contents = {name: await self._content(name) for name in policies(timeline)}
        now = datetime.now(UTC) - LENIENCY
        identity = (await result_of(self._client, "policy"))["policy"]["hash"]
        return verify(
            complaint_id,
            contents,
            timeline,
            given,
            complete=complete,
            now=now,
            in_force=await self._content(identity),
        )

    async def _content(self, policy_hash: str) -> str:
        if policy_hash not in self._contents:
            view = await result_of(self._client, "policy", {"hash": policy_hash})
            self._contents[policy_hash] = view["content"]
        return self._contents[policy_hash]


async def every_complaint(client: Client) -> AsyncIterator[str]:
    """Id of every complaint that routing has, closed or not, each once, even if complaints change
    meanwhile.
    """
    wanted = {"include_closed": True, "by": "complaint_id", "limit": PAGE}
    async for item in every_item(client, "worklist", wanted, "items"):
        yield item["complaint_id"]


def _of(complaint_id: str) -> Json:
    """Request body about this very id."""
    return {"complaint_id": complaint_id, "follow": False}
