"""Creates or updates the streams and durable consumers of the contract. Run it as often as you like.

`python -m deploy.nats.provision` with AMENDS_NATS_URL and AMENDS_NATS_SEED_FILE (the user `deploy`).
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable

from nats.aio.client import Client
from nats.errors import Error
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, StreamConfig
from nats.js.errors import NotFoundError

from deploy.nats.permissions import DEPLOY
from shared.contract.consumers import DURABLES, Durable
from shared.contract.subjects import inbox_prefix, streams

NO_LIMIT = -1
OnError = Callable[[Exception], Awaitable[None]]
LIMIT_SECONDS = 30.0


def consumer_config(durable: Durable) -> ConsumerConfig:
    """The settings of a durable. Deliveries are not counted out: a service decides what is a dead letter."""
    return ConsumerConfig(
        name=durable.name,
        durable_name=durable.name,
        ack_policy=AckPolicy.EXPLICIT,
        deliver_policy=DeliverPolicy.ALL,
        ack_wait=durable.ack_wait,
        max_ack_pending=durable.max_ack_pending,
        max_deliver=NO_LIMIT,
        # One filter alone goes into the singular field: the server stores it there.
        filter_subject=durable.filters[0] if len(durable.filters) == 1 else None,
        filter_subjects=list(durable.filters) if len(durable.filters) > 1 else None,
    )


async def _stream(js: JetStreamContext, config: StreamConfig) -> None:
    try:
        await js.stream_info(str(config.name))
    except NotFoundError:
        await js.add_stream(config)
    else:
        await js.update_stream(config)


async def provision(client: Client) -> None:
    """Bring the server to what the contract says. Nothing is deleted, and a second run changes nothing."""
    js = client.jetstream(timeout=LIMIT_SECONDS)
    for config in streams():
        await _stream(js, config)
    for durable in DURABLES:
        await js.add_consumer(durable.stream, consumer_config(durable))


async def _silent(_: Exception) -> None:
    """The failure that counts is raised; nats-py would also log each try with a traceback."""


async def connect(url: str, seed: str, on_error: OnError = _silent) -> Client:
    """One connection as `deploy`, with its own inbox, that does not outlive the server."""
    client = Client()
    try:
        await client.connect(
            url,
            nkeys_seed=seed,
            name=f"amends-{DEPLOY}",
            inbox_prefix=inbox_prefix(DEPLOY).encode(),
            allow_reconnect=False,
            connect_timeout=5,
            # nats-py would try the first connection 60 times, two seconds apart.
            max_reconnect_attempts=1,
            reconnect_time_wait=0,
            error_cb=on_error,
        )
    except BaseException:
        # A refused login leaves the socket open.
        await client.close()
        raise
    return client


async def run(url: str, seed: str) -> None:
    """Connect, provision, leave. Raises `Error` or `OSError`, at once if the user may not do this."""
    denied: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def note(error: Exception) -> None:
        # A denial is told to the connection; the request itself would just hear nothing until its limit.
        if "permissions violation" in str(error).lower() and not denied.done():
            denied.set_exception(error)

    client = await connect(url, seed, note)
    work = asyncio.create_task(provision(client))
    try:
        await asyncio.wait((work, denied), return_when=asyncio.FIRST_COMPLETED)
        (denied if denied.done() else work).result()
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await client.close()


def main() -> int:
    """The command line: exit status 0, or 1 and one sentence."""
    url, seed = os.environ.get("AMENDS_NATS_URL"), os.environ.get("AMENDS_NATS_SEED_FILE")
    if not url or not seed:
        print("Set AMENDS_NATS_URL and AMENDS_NATS_SEED_FILE first.", file=sys.stderr)
        return 1
    try:
        asyncio.run(run(url, seed))
    except (OSError, Error) as error:
        print(f"The streams could not be provisioned at {url}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
