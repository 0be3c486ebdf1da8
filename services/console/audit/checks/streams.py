"""Check that the streams and the durable consumers of the services exist, and that they are read."""

from datetime import UTC, datetime, timedelta

import nats.js.errors
from nats.aio.client import Client

from services.console.audit.checks import CheckResult, odd, well, wrong
from shared.contract import subjects
from shared.contract.consumers import DURABLES, Durable
from shared.runtime.probes.oldest import oldest
from shared.runtime.probes.storing import NothingStored, store_probe

BROKEN = "Make space on its disk, then start nats-server again: it stores nothing until then."
FULL = "Find out what fills it: `amends quarantine list`, or a service that does not take its messages."
LONG, TOO_LONG = timedelta(minutes=2), timedelta(minutes=10)
"""Ages of the oldest message that is not settled: a warning, and a fault."""

ALMOST, NO_LIMIT, MIB = 0.8, -1, 1024**2
PROVISION = "Start the stack again with `amends up`, or run `python -m deploy.nats.provision`."


async def check_streams(client: Client) -> list[CheckResult]:
    """Finding for each stream of the contract: does it exist, does it store, and how full is it?"""
    return [await _stream(client, config.name or "") for config in subjects.streams()]


async def check_store(client: Client, limit: int | None) -> list[CheckResult]:
    """Share of its limit that JetStream has used. `limit` is the server's, where it is known."""
    account = await client.jetstream(timeout=5).account_info()
    most = account.limits.max_storage if account.limits.max_storage > 0 else limit
    seen = f"{account.storage // MIB} MiB stored"
    return [_of_limit("jetstream", seen, account.storage, most or NO_LIMIT)]


async def _stream(client: Client, name: str) -> CheckResult:
    js = client.jetstream(timeout=5)
    try:
        info = await js.stream_info(name)
    except nats.js.errors.NotFoundError:
        return wrong(f"stream {name}", "it does not exist", PROVISION)
    part, seen = f"stream {name}", f"{info.state.messages} messages"
    try:
        if name != subjects.QUARANTINE_STREAM:
            await store_probe(client, name)
    except NothingStored as error:
        return wrong(part, f"{seen}; {error}", BROKEN)
    return _of_limit(part, seen, info.state.bytes, info.config.max_bytes or NO_LIMIT)


def _of_limit(part: str, seen: str, used: int, limit: int) -> CheckResult:
    if limit <= 0:
        return well(part, seen)
    seen = f"{seen}, {100 * used // limit} % of its {limit // MIB} MiB"
    return odd(part, seen, FULL) if used > ALMOST * limit else well(part, seen)


async def check_durables(client: Client) -> list[CheckResult]:
    """Finding for each durable consumer: does it exist, and does a process read what waits?"""
    return [await _durable(client, durable) for durable in DURABLES]


async def _durable(client: Client, durable: Durable) -> CheckResult:
    js = client.jetstream(timeout=5)
    part = f"consumer {durable.name}"
    try:
        info = await js.consumer_info(durable.stream, durable.name)
    except nats.js.errors.NotFoundError:
        return wrong(part, "it does not exist, so nothing reaches its service", PROVISION)
    waiting, in_hand = info.num_pending or 0, info.num_ack_pending or 0
    seen = f"{waiting} waiting, {in_hand} in hand"
    if waiting and not info.num_waiting and not in_hand:
        return wrong(part, f"{seen}, and no process reads", f"Start the {durable.service} service.")
    since = await oldest(client, durable, info)
    age = datetime.now(UTC) - since if since else timedelta()
    if info.num_redelivered:
        seen += f", {info.num_redelivered} of them delivered again"
    if since:
        seen += f", the oldest for {age.total_seconds():.0f} s"
    remedy = f"Look into the log of {durable.service}: `delivery_failed` names the reason."
    if age > TOO_LONG:
        return wrong(part, seen, remedy)
    return odd(part, seen, remedy) if age > LONG else well(part, seen)
