"""Every verb and every query of the contract is answered on a running stack, if only by a refusal."""

import asyncio

import nats
import orjson
from nats.aio.client import Client

from deploy.local.stack import Stack
from shared.contract import subjects
from shared.contract.commands import COMMANDS
from shared.contract.queries import QUERIES
from tests.patience import PATIENCE

EMPTY = b"{}"
"""A request that most refuse as malformed, and that asks the others for everything."""


async def reply_to(client: Client, subject: str) -> bool:
    """Whether the reply says if it was done or refused; no reply raises."""
    message = await client.request(subject, EMPTY, timeout=PATIENCE)
    return isinstance(orjson.loads(message.data)["ok"], bool)


async def test_every_verb_and_every_query_has_a_reply(stack: Stack) -> None:
    names = [subjects.command(verb) for verb in COMMANDS] + [subjects.query(name) for name in QUERIES]
    assert stack.ready
    client = await nats.connect(stack.ready.nats_url, nkeys_seed=stack.ready.credentials.agent)
    try:
        replies = await asyncio.gather(*(reply_to(client, name) for name in names))
    finally:
        await client.close()
    assert dict(zip(names, replies, strict=True)) == dict.fromkeys(names, True)
