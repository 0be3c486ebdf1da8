"""End of a connection whose sender is not understood: our answer arrives before it closes."""

import asyncio
from typing import Any
from unittest.mock import Mock

import pytest
import uvicorn
from uvicorn.server import ServerState

from shared.runtime.patient_http import PatientProtocol, patient


async def _app(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("no request is whole")


@pytest.fixture
async def wire() -> Mock:
    """Connection of which a test is both ends."""
    wire = Mock(spec=asyncio.Transport)
    wire.get_extra_info.return_value = None
    wire.is_closing.side_effect = lambda: wire.close.called
    wire.can_write_eof.return_value = True
    return wire


@pytest.fixture
async def protocol(wire: Mock) -> PatientProtocol:
    config = uvicorn.Config(_app, log_config=None, lifespan="off")
    config.load()
    protocol = patient(60)(config, ServerState(), {})
    protocol.connection_made(wire)
    return protocol


def _sent(wire: Mock) -> bytes:
    return b"".join(call.args[0] for call in wire.write.call_args_list)


async def test_who_still_sends_bytes_that_are_no_http_receives_the_answer_before_the_end(
    wire: Mock, protocol: PatientProtocol
) -> None:
    """Closing while bytes are on their way would reset the connection, and the answer would be lost."""
    protocol.data_received(b"GET / HTTP/1.1\r\n" + b"a: " * 30_000)
    assert _sent(wire).startswith(b"HTTP/1.1 400")
    wire.write_eof.assert_called_once()
    protocol.data_received(b"a: " * 30_000)
    assert not wire.close.called
    protocol.eof_received()
    assert wire.close.called
    assert _sent(wire).count(b"HTTP/1.1 ") == 1
    protocol.connection_lost(None)
