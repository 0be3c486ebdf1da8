"""Knowing that the server has acted on what we wrote to it."""

from nats.aio.client import Client


async def settled(client: Client) -> None:
    """Return when the server has acted on every subscription and message written so far.

    One `flush` of nats-py is not enough. It writes its ping at once, and what was published or subscribed
    before it at the loop's next turn, so its pong may come back first. During that round trip the rest is
    written; the second ping comes after it.
    """
    await client.flush()
    await client.flush()
