"""Publishing: a submission counts as taken only once JetStream has acknowledged it."""

import asyncio
from contextlib import suppress

import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.js.api import Header
from pydantic import ValidationError

from services.door.reading import Sending
from services.door.refusal import RefusedRequest
from services.door.settings import DoorSettings
from shared.contract import subjects
from shared.contract.door import Reused, Trouble
from shared.contract.envelope import CONTENT_TYPE
from shared.contract.links import LinkAnswer, LinkAsked
from shared.contract.quarantine import Reason
from shared.contract.subjects import Channel
from shared.contract.values.problems import Words
from shared.runtime.connections.nats import identity, options
from shared.runtime.health import connection_state
from shared.runtime.log import logger
from shared.runtime.probes.storing import Storing, check_last_stored
from shared.runtime.reasons import reason

log = logger("door")

AGAIN_AFTER = 1
ASK_SECONDS = 0.5
"""Seconds in which intake may answer whether an id is known. It checks again when it takes the message."""

RETRY_AFTER = {"Retry-After": "5"}

NOWHERE = "COMPLAINTS_NOWHERE"
"""No stream has this name: a message that expects to be stored there is answered, and stored nowhere."""


class Line:
    """Connection to NATS as the user `door`, who may submit and nothing else. Reconnects without end."""

    def __init__(self, settings: DoorSettings) -> None:
        self._settings = settings
        self._client = Client()
        self._stream = self._client.jetstream(timeout=settings.door_patience)
        self._storing = Storing()
        self._connecting: asyncio.Task[None] | None = None
        self.state = connection_state(self._client)

    async def open(self) -> None:
        """Begin to connect. The door opens meanwhile, and answers `unavailable` until the connection is
        there.
        """
        self._connecting = asyncio.create_task(self._connect())

    async def close(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
            with suppress(asyncio.CancelledError):
                await self._connecting
        with suppress(Exception):
            await self._client.close()

    async def submit(self, sending: Sending) -> None:
        """Publish and wait for the acknowledgement. Raises `RefusedRequest` when it does not come.

        Nothing is lost: without an acknowledgement the sender is refused, and sends it again. Nothing is
        doubled: a message that was stored all the same is known by its message id, and later by source and
        id.

        An id that its source used for another customer is refused here, if intake answers. Otherwise the
        message goes to the quarantine.
        """
        if not self._client.is_connected:
            # Not even tried: the client would keep it and publish it whenever it comes back.
            raise RefusedRequest(Trouble.UNAVAILABLE, headers=RETRY_AFTER)
        await self._unused(sending)
        try:
            with self._storing.watched(subjects.SUBMIT_STREAM):
                await self._stream.publish(
                    sending.subject,
                    sending.body,
                    stream=subjects.SUBMIT_STREAM,
                    headers={
                        "content-type": CONTENT_TYPE,
                        Header.MSG_ID.value: sending.message_id,
                        **sending.trace,
                    },
                )
        except (nats.errors.Error, nats.js.errors.Error, TimeoutError, OSError) as error:
            log.warning("not_acknowledged", complaint_id=sending.complaint_id, error=reason(error))
            raise RefusedRequest(Trouble.UNAVAILABLE, headers=RETRY_AFTER) from None

    async def _unused(self, sending: Sending) -> None:
        """Ask intake whether this id means something else. Raises `RefusedRequest` if it does."""
        try:
            answer = await self._client.request(subjects.REUSED, sending.body, timeout=ASK_SECONDS)
            reused = Reused.model_validate_json(answer.data)
        except (nats.errors.Error, ValidationError, TimeoutError, OSError) as error:
            log.info("id_not_asked", complaint_id=sending.complaint_id, error=reason(error))
            return
        if reused.detail:
            raise RefusedRequest(Reason.ID_REUSED, Words(reused.detail, reused.detail_zh), "id")

    async def link(self, asked: LinkAsked) -> LinkAnswer | None:
        """Ask routing about a one-time link; None without its answer."""
        if not self._client.is_connected:
            return None
        try:
            body = asked.model_dump_json().encode()
            answer = await self._client.request(subjects.LINKS, body, timeout=self._settings.door_patience)
            return LinkAnswer.model_validate_json(answer.data)
        except (nats.errors.Error, ValidationError, TimeoutError, OSError) as error:
            log.warning("link_not_answered", error=reason(error))
            return None

    async def check(self) -> None:
        """Whether JetStream answers, and stored what it was sent last.

        It refuses a message that expects another stream, and keeps nothing. A door may make no other message
        that goes away again: of a disk that is full it learns by the first submission that fails.
        """
        if not self._client.is_connected:
            raise ConnectionError("not connected to NATS")
        with suppress(nats.js.errors.BadRequestError):
            await self._stream.publish(subjects.submit(Channel.OTHER), b"", stream=NOWHERE)
            raise ConnectionError("JetStream stored what it should have refused")
        check_last_stored(self._storing, subjects.SUBMIT_STREAM)

    async def _connect(self) -> None:
        place = self._settings.nats
        while True:
            try:
                return await self._client.connect(
                    **options(place),
                    **identity(place),
                    name="amends-door",
                    inbox_prefix=subjects.inbox_prefix("door"),
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=AGAIN_AFTER,
                    error_cb=_report,
                    reconnected_cb=self._reconnected,
                )
            except (nats.errors.Error, TimeoutError, OSError, ValueError) as error:
                await _report(error)
                await asyncio.sleep(AGAIN_AFTER)

    async def _reconnected(self) -> None:
        """Forget failures of the lost connection, also those that are noted later: a door that waits for a
        submission to be ready may get none.
        """
        self._storing = Storing()


async def _report(error: Exception) -> None:
    log.warning("nats", error=reason(error))
