"""Finds out what answers at an address where another server was expected: HTTP, TLS, or nothing."""

import asyncio
from typing import Literal

from shared.runtime.connections.tls import gone

Answering = Literal["http", "tls", "other", "nothing"]

SECONDS = 2.0
REQUEST = b"GET / HTTP/1.0\r\n\r\n"
TLS_RECORDS = (b"\x15\x03", b"\x16\x03")
"""TLS records with which a server answers plain bytes: an alert, or the beginning of a handshake."""


async def what_answers(host: str, port: int) -> Answering:
    """Ask for a page, which an HTTP server gives and a server with TLS refuses in its own way."""
    try:
        async with asyncio.timeout(SECONDS):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(REQUEST)
                first = await reader.read(64)
            finally:
                await gone(writer)
    except (OSError, TimeoutError):
        return "nothing"
    if first.startswith(TLS_RECORDS):
        return "tls"
    if first.startswith(b"HTTP/") or first.lstrip()[:1] == b"<":
        return "http"
    return "other" if first else "nothing"
