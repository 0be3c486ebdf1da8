"""Requests to the services of a stack, with a time limit, and their replies as the contract defines them."""

import json
from typing import Any

from nats.aio.client import Client
from nats.errors import NoRespondersError

from shared.client.failures import AmendsError, RequestRefused
from shared.contract import subjects
from shared.contract.commands import COMMANDS
from shared.contract.errors import Refusal
from shared.contract.queries import QUERIES

ANSWER_WITHIN = 20.0
"""Seconds that a service may take; a command answers only once its facts are durable and published."""


async def request(client: Client, subject: str, body: Any, who_answers: str) -> dict[str, Any]:
    """Send one request and return its JSON reply. `who_answers` names the expected service, for the error."""
    payload = json.dumps(body, ensure_ascii=False).encode()
    try:
        message = await client.request(subject, payload, timeout=ANSWER_WITHIN)
    except NoRespondersError:
        raise AmendsError(
            f"The {who_answers} service is not running. Run `amends doctor` to see what is wrong."
        ) from None
    reply = json.loads(message.data)
    if not isinstance(reply, dict):
        raise AmendsError(f"The {who_answers} service answered something that is not a reply.")
    return reply


async def send_command(client: Client, verb: str, body: dict[str, Any]) -> dict[str, Any]:
    """Send a command and return the reply, accepted or refused."""
    return await request(client, subjects.command(verb), body, COMMANDS[verb].SERVICE)


async def ask(client: Client, name: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Send a query and return the whole reply, answered or refused."""
    return await request(client, subjects.query(name), body or {}, QUERIES[name].SERVICES[0])


async def result_of(client: Client, name: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Send a query and return its result; a refusal is raised as `RequestRefused`."""
    reply = await ask(client, name, body)
    if not reply.get("ok"):
        raise RequestRefused(Refusal.model_validate(reply["error"]))
    return dict(reply.get("result") or {})
