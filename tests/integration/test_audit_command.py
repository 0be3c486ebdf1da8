"""`amends audit` on a running stack: clean after real lives, and a forged fact is found."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import nats
import pytest

from deploy.local.stack import Stack
from deploy.nats.config import seed_file
from services.console.connection.place import find
from services.console.connection.temporal import temporal_client
from shared.client.fast_forward import fast_forward
from tests.amends_command import Ran, amends
from tests.lives import LIVES
from tests.outside import Outside

SHORT = ("breached", "second_alternative", "approved", "merged", "let_go")


@pytest.fixture
async def outside(file_stack: Stack) -> AsyncIterator[Outside]:
    ready = file_stack.ready
    assert ready
    system = await Outside.connect(ready.nats_url, ready.credentials.publisher, ready.credentials.agent)
    yield system
    await system.close()


async def audited(stack: Stack, *words: str) -> Ran:
    return await amends("audit", *words, "--dir", str(stack.layout.root))


async def forge(stack: Stack, complaint: str, outside: Outside) -> str:
    """Publish a `responded` by a person who is not the owner, as if routing had."""
    assert stack.ready
    last = next(one for one in reversed(await outside.facts(complaint)) if one["source"] == "amends/routing")
    number = last["data"]["seq"] + 1
    header = {key: last["data"][key] for key in ("complaint_id", "cycle", "stage", "policy")}
    own = {"actor": {"id": "agent-9", "role": "agent"}, "seq": number, "kind": "plan", "text_ref": "t"}
    event = last | {"id": f"{complaint}-routing-{number}", "type": "complaints.event.responded.v1"}
    event |= {"data": header | own}
    client = await nats.connect(stack.ready.nats_url, nkeys_seed=str(seed_file(stack.layout.keys, "routing")))
    subject = f"complaints.v1.event.responded.{complaint}"
    await client.publish(subject, json.dumps(event).encode())
    await client.flush()
    await client.close()
    await outside.until(complaint, "responded")
    return str(event["id"])


async def test_real_lives_are_clean_and_a_forged_fact_is_found_once(
    file_stack: Stack, outside: Outside, tmp_path: Path
) -> None:
    temporal = await temporal_client(find(file_stack.layout.root))

    async def move(one: str, delta: timedelta) -> object:
        return await fast_forward(temporal, one, delta)

    complaints = [await outside.submit(hints={"category": "product"}) for _ in SHORT]
    lives = zip(SHORT, complaints, strict=True)
    await asyncio.gather(*(LIVES[name][0](outside, one, move) for name, one in lives))
    for one in complaints:
        await outside.until(one, "closed")
    state = str(tmp_path / "audit.db")
    clean = await audited(file_stack, "--state", state, "--json")
    assert (clean.status, clean.document["findings"]) == (0, []), clean.out
    still_open = await outside.submit(hints={"category": "product"})
    await outside.until(still_open, "deadline_set", times=4)
    forged = await forge(file_stack, still_open, outside)
    for _ in range(2):  # the second continues, and remembers
        found = await audited(file_stack, "--state", state, "--json")
        assert found.status == 1
        (one,) = found.document["findings"]
        assert (one["complaint_id"], one["fact"], one["invariant"]) == (still_open, forged, "one_owner")
        assert found.document["facts"] > clean.document["facts"]
    assert "one_owner" in (await audited(file_stack)).out
