"""Amounts that a fair bare life has to store and publish: those of one life of the services."""

from dataclasses import replace

import nats
import orjson
from nats.aio.client import Client

from deploy.local.stack import Stack
from shared.contract.subjects import EVENTS_STREAM, streams
from shared.runtime.messages.timeline import read_timeline
from tests.bench.fair_flush import STREAM, SUBJECT, Terms

FLUSHES = {"routing": 10, "followup": 2}
"""Local activities of a straight life; `make bench` reports it if the services have others."""


async def terms_of(stack: Stack, complaint: str) -> dict[str, Terms]:
    """Terms by worker: facts of each flush, and bytes of each; and the stream that they are published to."""
    assert stack.ready
    url, seed = stack.ready.nats_url, stack.ready.credentials.admin
    client: Client = await nats.connect(url, nkeys_seed=seed)
    own = next(stream for stream in streams() if stream.name == EVENTS_STREAM)
    await client.jetstream().add_stream(replace(own, name=STREAM, subjects=[f"{SUBJECT}.>"]))
    events = await read_timeline(client, complaint)
    await client.close()
    terms = {}
    for service, flushes in FLUSHES.items():
        said = [event for event in events if event["source"].endswith(service)]
        size = sum(len(orjson.dumps(event)) for event in said) // len(said)
        file = str(stack.layout.root / f"fair-{service}.db")
        terms[service] = Terms(url, seed, file, round(len(said) / flushes), size)
    return terms
