"""Middleware of commands and queries: each request gets one reply.

The reply is sent here and not by FastStream. That would add headers which the contract does not have,
answer a handler that leaves the reply to another service, and send a reply that NATS does not carry.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from faststream import BaseMiddleware
from faststream.nats.message import NatsMessage
from nats.aio.msg import Msg
from pydantic import BaseModel

from shared.contract.commands import Refused
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.outgoing import encode
from shared.contract.queries import QueryReply
from shared.contract.subjects import COMMAND, INBOX, RELAYED_REPLY, spoken_by
from shared.runtime import refusals
from shared.runtime.log import logger
from shared.runtime.messages.outage import is_outage
from shared.runtime.reasons import reason

log = logger("requests")


class NotUnderstood(Exception):
    """Raised for a request that is refused before it is handled."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


class Answering(BaseMiddleware[Any, Any]):
    """Sends what the handler returns; what is not understood or goes wrong is sent as a refusal."""

    async def consume_scope(self, call_next: Callable[[Any], Awaitable[Any]], msg: Any) -> None:
        raw: Msg = msg.raw_message
        _, asked = spoken_by(raw.subject)
        try:
            reply = await call_next(msg)
        except NotUnderstood as error:
            reply = _refused(asked, error.refusal)
        except Exception as error:
            reply = _refused(asked, _went_wrong(asked, error))
        if reply is not None:
            await answer(raw, reply)


async def answer(raw: Msg, reply: BaseModel) -> None:
    """Send the reply, if the reply subject is an inbox."""
    if is_inbox(raw.reply):
        await raw.respond(fitting(encode(reply), raw._client.max_payload))


def client_of(message: NatsMessage) -> str:
    """Client that sent the message, by its subject."""
    return spoken_by(message.raw_message.subject)[0]


def _refused(asked: str, refusal: Refusal) -> BaseModel:
    command = asked.startswith(f"{COMMAND}.")
    return Refused(error=refusal) if command else QueryReply(ok=False, error=refusal)


def fitting(reply: bytes, most: int) -> bytes:
    """Reply, or a refusal where it is too large for NATS: silence is no answer."""
    if len(reply) <= most:
        return reply
    refusal = refuse(refusals.ANSWER_TOO_LARGE, size=len(reply), most=most)
    return encode(QueryReply(ok=False, error=refusal))


def is_inbox(reply_to: str) -> bool:
    """Whether a reply may be sent there: no asker may have us publish on a subject of our own.

    To a request from a client's account the server gives a reply subject of its own.
    """
    return reply_to.startswith((INBOX, RELAYED_REPLY))


def _went_wrong(what: str, error: Exception) -> Refusal:
    if is_outage(error):
        log.warning("request_unavailable", what=what, error=reason(error))
    else:
        log.error("request_failed", what=what, exc_info=error)
    return refuse(ErrorCode.UNAVAILABLE)
