"""Limits of the streams in the server's store: junk must leave room for complaints and facts.

Submissions and the quarantine get a limit, which the server reserves for them. The rest belongs to the
facts, which have none. The quarantine drops its oldest messages when it is full; before that, intake
drops copies of the clients that hold the most (`services/intake/fair_quarantine.py`). Submissions are refused
when their stream is full: a publisher without an acknowledgement sends again.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from nats.js.api import DiscardPolicy, StreamConfig
from nats.js.errors import APIError

from shared.contract.subjects import QUARANTINE_STREAM, SUBMIT_STREAM

GIB, MIB = 1024**3, 1024**2
MOST, LEAST = GIB, MIB
"""Bytes of a share, the unit of the limits: as much as fits, halved until it does."""

SHARES = {SUBMIT_STREAM: 4, QUARANTINE_STREAM: 1}
FREE_SHARES = 8
"""Shares of the store that must be free before a stream is limited to its own: the rest stays for the
facts.
"""

NO_ROOM = (10023, 10028, 10047)
"""Error codes of a server, account or cluster that has less room than would be reserved."""

Apply = Callable[[StreamConfig], Awaitable[object]]


async def within_its_share(apply: Apply, config: StreamConfig, limit: int | None = None) -> None:
    """Create or update a stream (`apply`) with its limit. An existing `limit` stays.

    Reserving more than the share, for a moment, shows how much is free.
    """
    shares = SHARES.get(str(config.name))
    if shares is None:
        await apply(config)
        return
    full = DiscardPolicy.NEW if config.name == SUBMIT_STREAM else DiscardPolicy.OLD
    config, share = replace(config, discard=full), MOST
    if limit is not None and limit > 0:
        await apply(replace(config, max_bytes=limit))
        return
    while share >= LEAST:
        try:
            await apply(replace(config, max_bytes=FREE_SHARES * share))
        except APIError as error:
            if error.err_code not in NO_ROOM:
                raise
            share //= 2
        else:
            await apply(replace(config, max_bytes=shares * share))
            return
    await apply(config)
