"""A burst while Temporal is away: all is accepted, the gravest are opened first, and each of them once."""

import asyncio
import json
import re
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import nats
import pytest
from nats.aio.client import Client

from deploy.local.stack import Stack
from services.routing.admission.in_flight import MOST
from shared.contract import subjects
from tests.amends_command import amends
from tests.outside import Outside, name_of
from tests.thorough import THOROUGH

COMPLAINTS = 3000 if THOROUGH > 1 else 300
HINTS = (1, 5, 2, 4, 3)
PEOPLE = re.compile(r"(\d+) of severity (\d)")
MACHINES = re.compile(r'amends_waiting_complaints\{severity="(\d)"\} (\d+)')
NOT_OPEN_YET = {
    "ok": False,
    "error": {
        "code": "unavailable",
        "message": "This complaint was received, and its case is not open yet. Ask again, or send the same "
        "command again; it counts once.",
        "message_zh": "该投诉已收到，尚未立案。请稍后再次查询，或重发同一命令；只会生效一次。",
        "field": "complaint_id",
        "allowed": [],
    },
}
OPENED_SECONDS = 600 if THOROUGH > 1 else 100


@pytest.fixture
async def outside(own_stack: Stack) -> AsyncIterator[Outside]:
    assert own_stack.ready
    seeds = own_stack.ready.credentials
    outside = await Outside.connect(own_stack.ready.nats_url, seeds.publisher, seeds.agent)
    yield outside
    await outside.close()


@pytest.fixture
async def own_admin(own_stack: Stack) -> AsyncIterator[Client]:
    assert own_stack.ready
    client = await nats.connect(own_stack.ready.nats_url, nkeys_seed=own_stack.ready.credentials.admin)
    yield client
    await client.close()


async def until_waiting(outside: Outside, wanted: int) -> dict[int, int]:
    """Until so many wait; how many of them of each severity."""
    async with asyncio.timeout(60):
        while True:
            found = (await outside.query("backlog"))["waiting"]
            if sum(one["count"] for one in found) == wanted:
                return {one["severity"]: one["count"] for one in found}
            await asyncio.sleep(0.1)


async def triaged(own_admin: Client, count: int) -> list[dict[str, Any]]:
    """The first so many, in the order of the stream: in this order cases were opened."""
    facts = await own_admin.jetstream().subscribe(subjects.every("triaged"), ordered_consumer=True)
    found = [await facts.next_msg(timeout=OPENED_SECONDS) for _ in range(count)]
    await facts.unsubscribe()
    return [json.loads(message.data)["data"] for message in found]


async def once(own_admin: Client, complaint: str) -> dict[str, Any]:
    """The reply to one command, whatever it is."""
    request = {"command_id": "early", "complaint_id": complaint, "actor": {"id": "lead-1"}, "data": {}}
    body = json.dumps(request | {"data": {"reason": "it burns"}}).encode()
    reply: dict[str, Any] = json.loads((await own_admin.request(subjects.command("escalate"), body)).data)
    return reply


async def asked(own_admin: Client, complaint: str) -> dict[str, Any]:
    """The reply to the query for one complaint."""
    body = json.dumps({"complaint_id": complaint}).encode()
    reply: dict[str, Any] = json.loads((await own_admin.request(subjects.query("complaint"), body)).data)
    return reply


async def backlog_said_to_people(stack: Stack) -> dict[int, int]:
    """What `amends doctor` says of those who wait."""
    ran = await amends("doctor", "--json", "--dir", str(stack.layout.root))
    (found,) = [one for one in ran.document["findings"] if one["part"] == "waiting complaints"]
    assert found["state"] == "warning"
    return {int(severity): int(count) for count, severity in PEOPLE.findall(found["seen"])}


async def backlog_said_to_machines(stack: Stack) -> dict[int, int]:
    """What the metrics of routing say of them."""
    port = json.loads(stack.layout.ports.read_text())["routing"]
    with await asyncio.to_thread(urllib.request.urlopen, f"http://127.0.0.1:{port}/metrics") as answer:
        text = answer.read().decode()
    assert 'amends_pending_messages{durable="routing-received"} 0.0' in text
    return {int(severity): int(count) for severity, count in MACHINES.findall(text) if int(count)}


def assert_gravest_first(severities: list[int], most_ahead: int) -> None:
    """Nobody was opened more than so many places before all who are graver."""
    for place, severity in enumerate(severities):
        graver_later = sum(later > severity for later in severities[place:])
        assert graver_later <= most_ahead, (place, severity, graver_later)


@pytest.mark.timeout(OPENED_SECONDS + 120)
async def test_a_burst_during_an_outage_is_worked_off_gravest_first_and_nothing_is_lost_or_doubled(
    own_stack: Stack, outside: Outside, own_admin: Client
) -> None:
    await own_stack.kill("temporal", restart=False)
    hints = [{"severity": HINTS[number % len(HINTS)]} for number in range(COMPLAINTS)]
    submitted = await asyncio.gather(*(outside.submit(hints=hint) for hint in hints))
    by_severity = await until_waiting(outside, COMPLAINTS)
    assert await once(own_admin, submitted[0]) == await asked(own_admin, submitted[0]) == NOT_OPEN_YET
    assert await backlog_said_to_people(own_stack) == await backlog_said_to_machines(own_stack) == by_severity

    await own_stack.revive("temporal")
    await triaged(own_admin, COMPLAINTS // 3)
    await own_stack.kill("routing")
    opened = await triaged(own_admin, COMPLAINTS)
    await until_waiting(outside, 0)

    assert Counter(fact["complaint_id"] for fact in opened) == Counter(submitted)
    assert Counter(fact["severity"] for fact in opened) == by_severity
    assert len(by_severity) >= 3
    assert_gravest_first([fact["severity"] for fact in opened], 2 * MOST)
    for complaint in submitted[:: COMPLAINTS // 20]:
        events = await outside.facts(complaint)
        own = [event["data"]["seq"] for event in events if event["source"] == "amends/routing"]
        assert own == list(range(1, len(own) + 1))
        assert [name_of(event) for event in events].count("received") == 1
