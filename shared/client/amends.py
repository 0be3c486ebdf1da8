"""`AmendsClient`: the public Python client of Amends (docs/client.md)."""

import uuid
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from pydantic import BaseModel

from shared.client import connecting, requests, submitting
from shared.client.facts import PublishedFact, read_fact
from shared.client.failures import RequestRefused
from shared.client.submitting import Receipt
from shared.contract.commands import Accepted, Command
from shared.contract.errors import Refusal
from shared.contract.queries import Query
from shared.contract.subjects import EVENTS_STREAM, Channel
from shared.contract.submission import GRUMBLED, SUBMITTED
from shared.runtime.connections.places import NatsPlace

Result = TypeVar("Result", bound=BaseModel)

BATCH = 100
WAIT_SECONDS = 5.0


@asynccontextmanager
async def connect(
    *servers: str, seed_file: Path | None = None, name: str = "amends-client"
) -> AsyncIterator["AmendsClient"]:
    """Connect to the NATS servers of a stack as the client of a seed file, and disconnect at the end.

    The connection returns after an outage. Raises `AmendsError`.
    """
    connection = await connecting.connect(NatsPlace(servers, seed_file), name=name, lasting=True)
    try:
        yield AmendsClient(connection)
    finally:
        await connection.close()


class AmendsClient:
    """Submit complaints, send commands, ask queries and follow facts over one connection to NATS."""

    def __init__(self, connection: Client) -> None:
        """Use a connection that the caller closes."""
        self.connection = connection

    async def submit(
        self,
        data: Mapping[str, Any],
        *,
        source: str,
        external_id: str | None = None,
        channel: Channel = Channel.WEB,
        grumble: bool = False,
    ) -> Receipt:
        """Submit a complaint or a grumble. It is durable when this returns; a repeat has the same id.

        `data` is the data of a submission as in docs/contract. Raises `AmendsError` if it is not valid or if
        the id is in use for another complaint.
        """
        kind = GRUMBLED if grumble else SUBMITTED
        event = submitting.envelope(data, source=source, external_id=external_id, kind=kind)
        return await submitting.submit(self.connection, channel, event)

    async def command(
        self, complaint_id: str, actor: str, command: Command, *, command_id: str | None = None
    ) -> Accepted:
        """Send a command in the name of an actor. Its facts are durable and published when this returns.

        A repeated `command_id` gets the first reply and does nothing more: choose one, and send the command
        again after a time-out. Raises `RequestRefused` if the service refuses.
        """
        body = {
            "command_id": command_id or str(uuid.uuid4()),
            "complaint_id": complaint_id,
            "actor": {"id": actor},
            "data": command.model_dump(mode="json", exclude_none=True),
        }
        reply = await requests.send_command(self.connection, command.VERB, body)
        if not reply.get("ok"):
            raise RequestRefused(Refusal.model_validate(reply["error"]))
        return Accepted.model_validate(reply)

    async def query(self, query: Query, result: type[Result]) -> Result:
        """Ask a query and return its result. Raises `RequestRefused` if the service refuses.

        `result` is the model that the contract gives to the query, as `ComplaintState` for `ComplaintQuery`.
        """
        if result is not query.RESULT:
            raise TypeError(f"The result of {query.NAME} is {query.RESULT.__name__}, not {result.__name__}.")
        body = query.model_dump(mode="json", exclude_none=True)
        return result.model_validate(await requests.result_of(self.connection, query.NAME, body))

    async def follow(self, durable: str) -> AsyncGenerator[PublishedFact, None]:
        """Follow the facts of a durable consumer without end, at least once each and in order.

        The durable of a registered client is `client-<name>`. A fact is acknowledged when the caller asks
        for the next fact: if the caller stops or fails before that, the server delivers it again. After an
        early end, close the generator (`contextlib.aclosing`) to have the rest delivered again at once.
        """
        pulled = await self.connection.jetstream().pull_subscribe_bind(durable, stream=EVENTS_STREAM)
        left: deque[Msg] = deque()
        try:
            while True:
                with suppress(TimeoutError):
                    left.extend(await pulled.fetch(BATCH, timeout=WAIT_SECONDS))
                while left:
                    if (fact := read_fact(left[0].data)) is not None:
                        yield fact
                    await left.popleft().ack()
        finally:
            with suppress(nats.errors.Error):  # the connection may be closed already
                for message in left:
                    await message.nak()
                await pulled.unsubscribe()
