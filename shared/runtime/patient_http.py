"""uvicorn's HTTP/1.1 with a limit on how long a request may take to begin, and a patient end."""

import asyncio
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

LINGER_SECONDS = 2.0
"""Seconds in which the rest of a request that was refused unread is received and dropped: an immediate close
would often lose our answer.
"""

UNREAD = (h11.SEND_BODY, h11.ERROR)
"""States of a sender that may still be sending: the body of a request, or bytes that are no HTTP."""


class Lingering:
    """Transport whose end the protocol chooses. Everything else passes through."""

    def __init__(self, transport: asyncio.Transport, protocol: "PatientProtocol") -> None:
        self._transport = transport
        self._protocol = protocol

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def is_closing(self) -> bool:
        return self._protocol.lingers or self._transport.is_closing()

    def close(self) -> None:
        self._protocol.hang_up()


class PatientProtocol(H11Protocol):
    """Closes connections on which no whole request begins in time. uvicorn itself only closes idle
    connections.
    """

    patience: ClassVar[float]
    """Seconds from the connection, or the first byte, to the end of the headers."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._alarm: asyncio.TimerHandle | None = None
        self._bare: asyncio.Transport
        self.lingers = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._bare = transport
        super().connection_made(Lingering(transport, self))  # type: ignore[arg-type]
        self._close_in(self.patience)

    def data_received(self, data: bytes) -> None:
        if self.lingers:
            return
        super().data_received(data)
        if self.lingers or self._bare.is_closing():
            return
        if self.cycle is not None and not self.cycle.response_complete:
            self._forget_alarm()
        elif self._alarm is None:
            self._close_in(self.patience)

    def eof_received(self) -> None:
        if self.lingers:
            self._bare.close()
        super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_alarm()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answer bytes that are no HTTP, unless an answer was sent already.

        uvicorn would answer a second time, which h11 refuses: that would be logged as our failure.
        """
        answered = self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE)
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if answered:
            self.transport.close()
        else:
            super().send_400_response(msg)

    def hang_up(self) -> None:
        """Close now, or after the sender has had a moment to receive the answer to a request that was not
        read.
        """
        if self.lingers or self._bare.is_closing():
            return
        self._forget_alarm()
        if self.conn.their_state not in UNREAD or not self._bare.can_write_eof():
            self._bare.close()
            return
        self.lingers = True
        self._bare.write_eof()
        self._bare.resume_reading()
        self._close_in(LINGER_SECONDS)

    def _close_in(self, seconds: float) -> None:
        self._alarm = self.loop.call_later(seconds, self._bare.close)

    def _forget_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None


def patient(seconds: float) -> type[PatientProtocol]:
    """Protocol with this limit; uvicorn requires a class."""
    return type("PatientHttp", (PatientProtocol,), {"patience": seconds})
