"""Audit of the archive: reads the stream from where the audit was stopped up to its present end."""

import re
from collections.abc import AsyncIterator, Callable

import orjson
from nats.aio.client import Client

from services.console.audit.auditor.auditing import Auditor
from services.console.audit.auditor.kept import Found, KeptAudit
from shared.client.failures import AmendsError
from shared.client.last_facts import place_of_last
from shared.client.requests import result_of
from shared.contract import subjects
from shared.runtime.messages.timeline import BATCH, read_on

EVERY = f"{subjects.EVENT}.>"
SAVE_AFTER = 20_000
"""Places of the stream after which the audit is saved."""

POLICY = re.compile(rb'"hash":\s*"([0-9a-f]+)"')

Progress = Callable[[int, int], None]
"""Takes the place that was reached, and the last place."""


async def audit(client: Client, kept: KeptAudit, progress: Progress) -> AsyncIterator[Found]:
    """Findings in the facts behind the place that `kept` reached; saved also when it is cancelled."""
    limits: dict[str, int | None] = {}
    auditor = Auditor(kept, limits, whole=await is_whole(client))
    reached, facts, last = kept.number("place"), kept.number("facts"), await place_of_last(client)
    saved = reached
    try:
        while reached < last and (page := await read_on(client, EVERY, reached, BATCH)):
            for place, body in page:
                for policy in POLICY.findall(body):
                    await _learn(client, limits, policy.decode())
                for found in auditor.take(body, place):
                    yield found
                reached, facts = place, facts + 1
            if reached - saved > SAVE_AFTER:
                kept.save(place=reached, facts=facts, cut=kept.number("cut") + auditor.cut)
                saved, auditor.cut = reached, 0
            progress(reached, last)
    finally:
        kept.save(place=reached, facts=facts, cut=kept.number("cut") + auditor.cut)
    for found in auditor.at_the_end():
        yield found


async def is_whole(client: Client) -> bool:
    """Whether the stream has the facts from the very first on: intake numbers the first fact 1."""
    for _, body in await read_on(client, EVERY, 0, 1):
        fact = orjson.loads(body)
        return bool(fact["data"]["seq"] == 1 and fact["source"].endswith("/intake"))
    return True


async def _learn(client: Client, limits: dict[str, int | None], policy: str) -> None:
    """Look up the limit of transfers of a policy; none where its text is not kept."""
    if policy in limits:
        return
    try:
        content = (await result_of(client, "policy", {"hash": policy}))["content"]
        limits[policy] = orjson.loads(content)["pack"]["limits"]["transfers_per_stage"]
    except (AmendsError, KeyError, TypeError):
        limits[policy] = None
