"""Creates or updates the streams and durable consumers of the contract. Run it as often as you like.

`python -m deploy.nats.provision` with AMENDS_NATS_URL and AMENDS_NATS_SEED_FILE (the user `deploy`), and
AMENDS_CLIENTS_FILE for the durables of clients.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from nats.aio.client import Client
from nats.errors import Error
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, StreamConfig
from nats.js.errors import NotFoundError
from pydantic import Field, ValidationError

from deploy.nats.permissions import DEPLOY
from deploy.nats.space import Apply, within_its_share
from shared.contract.consumers import DURABLES, Durable, client_durable
from shared.contract.subjects import EVENTS_STREAM, inbox_prefix, streams
from shared.runtime.clients.register import Client as Registered
from shared.runtime.clients.register import Register, UnusableRegister, read_or_empty
from shared.runtime.connections.nats import OnError, in_silence, once, reach
from shared.runtime.connections.places import NatsPlace, servers
from shared.runtime.connections.settings import NatsSettings, in_chinese
from shared.runtime.connections.wrong import WrongSetting
from shared.runtime.settings import sentences

NO_LIMIT = -1
LIMIT_SECONDS = 30.0
REPLICAS, LOWER = "AMENDS_NATS_REPLICAS", "--lower-replicas"


def consumer_config(durable: Durable) -> ConsumerConfig:
    """Settings of a durable. The server does not limit deliveries, since a service decides which message is a
    dead letter.
    """
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


@dataclass(frozen=True)
class Replicas:
    """Number of servers that hold each stream. Without `wanted`, streams keep theirs, and new streams get
    one.

    A higher number stays as it is unless `lower` is set; `told` gets a sentence each time.
    """

    wanted: int | None = None
    lower: bool = False
    told: Callable[[str], None] = print

    def of(self, stream: str, now: int) -> int:
        """Number of replicas for a stream that has `now`."""
        wanted = self.wanted or 1
        if now <= wanted or (self.lower and self.wanted):
            return wanted
        self.told(
            f"{stream} keeps its {now} replicas; to have {wanted}, set {REPLICAS}={wanted} and give {LOWER}. "
            f"{stream} 保留 {now} 个副本；如需改为 {wanted} 个，请设置 {REPLICAS}={wanted} 并加上 {LOWER}。"
        )
        return now


async def _stream(js: JetStreamContext, config: StreamConfig, replicas: Replicas) -> None:
    name = str(config.name)
    try:
        found = (await js.stream_info(name)).config
    except NotFoundError:
        await within_its_share(_adding(js), replace(config, num_replicas=replicas.wanted or 1))
    else:
        count = replicas.of(name, found.num_replicas or 1)
        changed = replace(config, num_replicas=count, placement=found.placement)
        await within_its_share(js.update_stream, changed, found.max_bytes)


def _adding(js: JetStreamContext) -> Apply:
    """Adds a stream, and changes it once it is there."""
    there = False

    async def apply(config: StreamConfig) -> None:
        nonlocal there
        await (js.update_stream if there else js.add_stream)(config)
        there = True

    return apply


def client_config(client: Registered) -> ConsumerConfig:
    """Durable of a client of the register; by default it begins with the facts from now on."""
    config = consumer_config(client_durable(client.name, client.follow))
    return config if client.from_start else replace(config, deliver_policy=DeliverPolicy.NEW)


async def keep_client_durable(js: JetStreamContext, client: Registered) -> None:
    """Make the durable of a client, or bring an existing one to the facts that it follows now."""
    config = client_config(client)
    try:
        found = await js.consumer_info(EVENTS_STREAM, str(config.name))
    except NotFoundError:
        await js.add_consumer(EVENTS_STREAM, config)
    else:
        # Where it began cannot be changed, and need not.
        await js.add_consumer(EVENTS_STREAM, replace(config, deliver_policy=found.config.deliver_policy))


KEEP = Replicas()
"""Streams stay as they are."""


async def provision(client: Client, replicas: Replicas = KEEP, register: Register | None = None) -> None:
    """Bring the server to the state of the contract and the register.

    Nothing is deleted, and a second run changes nothing. A durable has as many replicas as its stream.
    """
    js = client.jetstream(timeout=LIMIT_SECONDS)
    for config in streams():
        await _stream(js, config, replicas)
    for durable in DURABLES:
        await js.add_consumer(durable.stream, consumer_config(durable))
    for registered in register.active() if register else ():
        if registered.follow:
            await keep_client_durable(js, registered)


async def connect(url: str, seed: str, on_error: OnError = in_silence) -> Client:
    """Connection as `deploy`, with its own inbox, that does not outlive the server."""
    return await connect_to(NatsPlace(servers(url), Path(seed)), on_error)


async def connect_to(place: NatsPlace, on_error: OnError = in_silence) -> Client:
    """Same connection, to a place with all its settings."""
    client = Client()
    try:
        inbox = inbox_prefix(DEPLOY).encode()
        await once(place, client, on_error, name=f"amends-{DEPLOY}", inbox_prefix=inbox)
    except BaseException:
        # A refused login leaves the socket open.
        await client.close()
        raise
    return client


async def run(url: str, seed: str, register: Register | None = None) -> None:
    """Connect, provision, leave. Raises `Error` or `OSError`, at once if the user may not do this."""
    await run_at(NatsPlace(servers(url), Path(seed)), KEEP, register)


async def run_at(place: NatsPlace, replicas: Replicas, register: Register | None = None) -> None:
    """Provision a place with all its settings. Raises `WrongSetting`, too."""
    denied: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def note(error: Exception) -> None:
        # A denial is reported to the connection; the request itself would only time out.
        if "permissions violation" in str(error).lower() and not denied.done():
            denied.set_exception(error)

    await reach(place)
    client = await connect_to(place, note)
    work = asyncio.create_task(provision(client, replicas, register))
    try:
        await asyncio.wait((work, denied), return_when=asyncio.FIRST_COMPLETED)
        (denied if denied.done() else work).result()
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await client.close()


class ProvisionSettings(NatsSettings):
    """Address of NATS, as the user `deploy`, and the number of servers that hold each stream."""

    nats_replicas: int | None = Field(
        None,
        ge=1,
        le=5,
        description="the number of servers that hold each stream, 1 to 5; best 1, 3 or 5",
        **in_chinese("保存每个流的服务器数量（1 至 5；宜为 1、3 或 5）"),
    )
    clients_file: Path | None = Field(
        None,
        description="path of the register of clients, for their durables",
        **in_chinese("客户端登记文件的路径，用于建立其持久消费者"),
    )


def main() -> int:
    """Command line: exit status 0, or 1 and one sentence."""
    parser = argparse.ArgumentParser(prog="python -m deploy.nats.provision", description=__doc__)
    parser.add_argument(LOWER, action="store_true", help=f"lower the replicas of streams to {REPLICAS}")
    given = parser.parse_args()
    if not os.environ.get("AMENDS_NATS_URL"):
        print("Set AMENDS_NATS_URL and AMENDS_NATS_SEED_FILE first.", file=sys.stderr)
        return 1
    try:
        settings = ProvisionSettings()
    except ValidationError as error:
        print(*sentences(error, ProvisionSettings), sep="\n", file=sys.stderr)
        return 1
    where = settings.nats.shown
    try:
        register = read_or_empty(settings.clients_file) if settings.clients_file else None
        asyncio.run(run_at(settings.nats, Replicas(settings.nats_replicas, given.lower_replicas), register))
    except (WrongSetting, UnusableRegister) as error:
        print(error, file=sys.stderr)
        return 1
    except (OSError, TimeoutError, Error) as error:
        print(f"The streams could not be provisioned at {where}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
