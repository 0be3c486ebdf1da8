"""Sender without a NATS client: it has a token, and posts to the door."""

import asyncio
import json
from http.client import HTTPConnection
from pathlib import Path
from typing import Self
from urllib.parse import urlencode, urlsplit

from deploy.demo.catalogue import SOURCE
from deploy.local.layout import CLIENTS_FILE
from deploy.local.ready import Ready
from deploy.local.secrets import token_for
from shared.contract.door import CHANNEL, COMPLAINTS_PATH
from shared.contract.envelope import CONTENT_TYPE
from shared.contract.subjects import Channel

PUBLISHER = "demo"
ANSWER_SECONDS = 30.0


class OverHttp:
    """Submits complaints over HTTP. Raises `RuntimeError` for anything but 202."""

    CHANNELS = (Channel.WEB,)
    """Channels whose complaints are sent over HTTP."""

    def __init__(self, url: str, token: str) -> None:
        self._address = urlsplit(url).netloc
        self._token = token

    @classmethod
    def let_in(cls, ready: Ready) -> Self:
        """Sender with a new token from the operator of this stack."""
        if not ready.door_url or not ready.door_token_file:
            raise RuntimeError("this stack has no door")
        clients = Path(ready.door_token_file).parents[1] / CLIENTS_FILE
        return cls(ready.door_url, token_for(clients, PUBLISHER, SOURCE))

    async def submit(self, channel: Channel, body: bytes) -> str:
        """Post it; the id of the complaint, which is durable from now on."""
        return await asyncio.to_thread(self._post, channel, body)

    def _post(self, channel: Channel, body: bytes) -> str:
        connection = HTTPConnection(self._address, timeout=ANSWER_SECONDS)
        try:
            where = f"{COMPLAINTS_PATH}?{urlencode({CHANNEL: channel})}"
            headers = {"Authorization": f"Bearer {self._token}", "Content-Type": CONTENT_TYPE}
            connection.request("POST", where, body, headers)
            answer = connection.getresponse()
            said = json.loads(answer.read())
            if answer.status != 202:
                raise RuntimeError(f"the door answered {answer.status}: {said.get('detail')}")
            return str(said["complaint_id"])
        finally:
            connection.close()
