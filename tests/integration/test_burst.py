"""A burst while Temporal is away: all is accepted, the gravest are opened first, and each of them once."""

import asyncio
import json
import re
import urllib.request
from collections import Counter
from typing import Any

import pytest
from nats.aio.client import Client
from nats.js.api import ConsumerConfig, DeliverPolicy

from deploy.local.stack import Stack
from services.routing.admission.in_flight import MOST
from shared.contract import subjects
from tests.amends_command import amends
from tests.integration.crowds import OPENED_SECONDS, until_waiting
from tests.outside import Outside, name_of
from tests.patience import PATIENCE
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


async def last_fact(admin: Client) -> int:
    """Place of the latest fact in the stream."""
    return (await admin.jetstream(timeout=PATIENCE).stream_info(subjects.EVENTS_STREAM)).state.last_seq


async def triaged(admin: Client, count: int, after: int) -> list[dict[str, Any]]:
    """The first so many after a place of the stream, in its order: in this order cases were opened."""
    since = ConsumerConfig(deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=after + 1)
    facts = await admin.jetstream(timeout=PATIENCE).subscribe(
        subjects.every("triaged"), ordered_consumer=True, config=since
    )
    found = [await facts.next_msg(timeout=OPENED_SECONDS) for _ in range(count)]
    await facts.unsubscribe()
    return [json.loads(message.data)["data"] for message in found]


async def once(admin: Client, complaint: str) -> dict[str, Any]:
    """The reply to one command, whatever it is."""
    request = {"command_id": "early", "complaint_id": complaint, "actor": {"id": "lead-1"}, "data": {}}
    body = json.dumps(request | {"data": {"reason": "it burns"}}).encode()
    reply: dict[str, Any] = json.loads(
        (await admin.request(subjects.command("escalate"), body, timeout=PATIENCE)).data
    )
    return reply


async def asked(admin: Client, complaint: str) -> dict[str, Any]:
    """The reply to the query for one complaint."""
    body = json.dumps({"complaint_id": complaint}).encode()
    reply: dict[str, Any] = json.loads(
        (await admin.request(subjects.query("complaint"), body, timeout=PATIENCE)).data
    )
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


@pytest.mark.timeout(2 * OPENED_SECONDS)
async def test_a_burst_during_an_outage_is_worked_off_gravest_first_and_nothing_is_lost_or_doubled(
    crowded_stack: Stack, crowd: Outside, crowded_admin: Client
) -> None:
    await crowded_stack.kill("temporal", restart=False)
    before = await last_fact(crowded_admin)
    hints = [{"severity": HINTS[number % len(HINTS)]} for number in range(COMPLAINTS)]
    submitted = await asyncio.gather(*(crowd.submit(hints=hint) for hint in hints))
    by_severity = await until_waiting(crowd, COMPLAINTS)
    assert await once(crowded_admin, submitted[0]) == await asked(crowded_admin, submitted[0]) == NOT_OPEN_YET
    assert (
        await backlog_said_to_people(crowded_stack)
        == await backlog_said_to_machines(crowded_stack)
        == by_severity
    )

    await crowded_stack.revive("temporal")
    await triaged(crowded_admin, COMPLAINTS // 3, before)
    await crowded_stack.kill("routing")
    opened = await triaged(crowded_admin, COMPLAINTS, before)
    await until_waiting(crowd, 0)

    assert Counter(fact["complaint_id"] for fact in opened) == Counter(submitted)
    assert Counter(fact["severity"] for fact in opened) == by_severity
    assert len(by_severity) >= 3
    assert_gravest_first([fact["severity"] for fact in opened], 2 * MOST)
    for complaint in submitted[:: COMPLAINTS // 20]:
        events = await crowd.facts(complaint)
        own = [event["data"]["seq"] for event in events if event["source"] == "amends/routing"]
        assert own == list(range(1, len(own) + 1))
        assert [name_of(event) for event in events].count("received") == 1
