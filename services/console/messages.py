"""Talking to the running stack: one connection, requests with a limit, replies as the contract has them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nats
from nats.aio.client import Client
from nats.errors import NoRespondersError, NoServersError

from services.console.failure import NOT_LET_IN, NOT_REACHED, ConsoleFailure, RefusedByService
from services.console.place import Place, find
from shared.contract import subjects
from shared.contract.commands import COMMANDS
from shared.contract.errors import Refusal
from shared.contract.queries import QUERIES
from shared.runtime.connections.nats import identity, options, reach
from shared.runtime.connections.wrong import NotLetIn, WrongSetting

ANSWER_WITHIN = 20.0
"""Seconds that a service may take; a command answers only once its facts are durable and published."""


async def _quiet(_: Exception) -> None:
    """Failures reach the person as an exception of the call; nothing is printed in between."""


async def connect(place: Place, *, name: str = "amends-console", lasting: bool = False) -> Client:
    """A connection as the place's user. A `lasting` one comes back after an outage."""
    try:
        await reach(place.nats)
        return await nats.connect(
            **options(place.nats),
            **identity(place.nats),
            name=name,
            connect_timeout=3,
            allow_reconnect=lasting,
            max_reconnect_attempts=-1 if lasting else 1,
            error_cb=_quiet,
        )
    except NotLetIn as error:
        raise ConsoleFailure(NOT_LET_IN) from error
    except WrongSetting as error:
        raise ConsoleFailure(str(error)) from error
    except (TimeoutError, NoServersError, OSError, ValueError) as error:
        raise ConsoleFailure(NOT_REACHED) from error


@asynccontextmanager
async def connected(directory: Path | None) -> AsyncIterator[Client]:
    """A connection to the stack that the command means, closed at the end."""
    client = await connect(find(directory))
    try:
        yield client
    finally:
        await client.close()


async def request(client: Client, subject: str, body: Any, who_answers: str) -> dict[str, Any]:
    """One request and its JSON reply. `who_answers` names the service that should, for the error."""
    payload = json.dumps(body, ensure_ascii=False).encode()
    try:
        message = await client.request(subject, payload, timeout=ANSWER_WITHIN)
    except NoRespondersError:
        raise ConsoleFailure(
            f"The {who_answers} service is not running. Run `amends doctor` to see what is wrong."
        ) from None
    reply = json.loads(message.data)
    if not isinstance(reply, dict):
        raise ConsoleFailure(f"The {who_answers} service answered something that is not a reply.")
    return reply


async def send_command(client: Client, verb: str, body: dict[str, Any]) -> dict[str, Any]:
    """The reply to a command, accepted or refused."""
    return await request(client, subjects.command(verb), body, COMMANDS[verb].SERVICE)


async def ask(client: Client, name: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """The whole reply to a query, answered or refused."""
    return await request(client, subjects.query(name), body or {}, QUERIES[name].SERVICES[0])


async def result_of(client: Client, name: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """The result of a query; a refusal is raised as `RefusedByService`."""
    reply = await ask(client, name, body)
    if not reply.get("ok"):
        raise RefusedByService(Refusal.model_validate(reply["error"]))
    return dict(reply.get("result") or {})
