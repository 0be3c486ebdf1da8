"""What was written before is on its way before the ping that we wait for."""

import asyncio
from collections.abc import AsyncIterator

import nats
import pytest

from shared.runtime.messages.settled import settled

INFO = b'INFO {"server_id":"listener","version":"2.12.0","headers":true,"max_payload":1048576,"proto":1}\r\n'


class Listener:
    """Speaks just enough of the protocol for a client to connect, and remembers every line in its order."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(INFO)
        async for line in reader:
            self.lines.append(line.split()[0])
            if line == b"PING\r\n":
                writer.write(b"PONG\r\n")
        writer.close()


@pytest.fixture
async def listener() -> AsyncIterator[tuple[Listener, str]]:
    heard = Listener()
    async with await asyncio.start_server(heard.serve, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        yield heard, f"nats://{host}:{port}"


async def test_the_last_ping_comes_after_what_was_subscribed_and_published(
    listener: tuple[Listener, str],
) -> None:
    heard, url = listener
    client = await nats.connect(url)
    await client.subscribe("a")
    await settled(client)
    assert heard.lines[-1] == b"PING"
    assert b"SUB" in heard.lines
    before = len(heard.lines)
    await client.publish("b", b"x")
    await settled(client)
    assert b"PUB" in heard.lines[before:-1]
    await client.close()
