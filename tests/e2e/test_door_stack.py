"""A complaint over HTTP or with the form, as far as its first facts, on the whole stack."""

import json
import os
import re
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from datetime import datetime, timedelta

import httpx

from deploy.local.stack import Stack
from tests.door import an_event
from tests.outside import Outside
from tests.patience import PATIENCE, until
from tests.web_form import Page


async def amends(stack: Stack, *words: str) -> tuple[int, str]:
    """Run the command on this stack."""
    process = await create_subprocess_exec(
        *(sys.executable, "-m", "services.console", *words, "--dir", str(stack.layout.root)),
        env=os.environ,
        stdout=PIPE,
        stderr=PIPE,
    )
    out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


async def test_a_complaint_that_came_through_the_door_is_recorded_and_assigned(stack: Stack) -> None:
    assert stack.ready
    assert stack.ready.door_url
    assert stack.ready.door_token_file == str(stack.layout.door_token)
    token = stack.layout.door_token.read_text()
    event = an_event(source="local")
    async with httpx.AsyncClient(base_url=stack.ready.door_url, timeout=PATIENCE) as client:
        response = await client.post(
            "/v1/complaints",
            params={"channel": "app"},
            content=json.dumps(event).encode(),
            headers={"authorization": f"Bearer {token}", "content-type": "application/cloudevents+json"},
        )
    assert response.status_code == 202, response.text
    outside = await Outside.connect(
        stack.ready.nats_url, stack.ready.credentials.publisher, stack.ready.credentials.agent
    )
    complaint = response.json()["complaint_id"]
    await outside.until(complaint, "assigned")
    received = await outside.until(complaint, "received")
    assert received["data"]["channel"] == "app"
    assert received["data"]["external_ref"] == event["id"]
    await outside.close()


async def test_a_token_lets_in_at_once_until_it_is_revoked(stack: Stack) -> None:
    assert stack.ready
    assert stack.ready.door_url
    status, printed = await amends(stack, "door-token", "crm", "--source", "crm.example")
    assert status == 0
    async with httpx.AsyncClient(base_url=stack.ready.door_url, timeout=PATIENCE) as client:
        headers = {
            "authorization": f"Bearer {printed.strip()}",
            "content-type": "application/cloudevents+json",
        }

        async def submitted() -> int:
            body = json.dumps(an_event(source="crm.example/cases")).encode()
            return (await client.post("/v1/complaints", content=body, headers=headers)).status_code

        assert await submitted() == 202
        assert (await amends(stack, "door-token", "crm", "--revoke"))[0] == 0
        assert await submitted() == 401
    assert printed.strip() not in stack.layout.clients.read_text()


async def test_the_doctor_looks_at_the_door(stack: Stack) -> None:
    async def seen() -> str:
        _, printed = await amends(stack, "doctor", "--json")
        findings = {finding["part"]: finding["state"] for finding in json.loads(printed)["findings"]}
        return str(findings["door"])

    async def as_it_is(state: str) -> None:
        await until(seen, lambda found: found == state)

    await stack.kill("door", restart=False)
    try:
        await as_it_is("wrong")
    finally:
        await stack.revive("door")
    await as_it_is("ok")


async def test_a_sender_of_the_form_reads_the_date_and_is_registered(stack: Stack) -> None:
    """The page promises no later than the fact does, and the facts hold nothing of what was written."""
    assert stack.ready
    assert stack.ready.door_url
    name = "欧阳独特"
    async with httpx.AsyncClient(base_url=stack.ready.door_url, timeout=PATIENCE) as client:
        page = Page((await client.get("/?lang=en")).text)
        written = {"narrative": f"I am {name} and nobody came.", "email": "u@example.org", "name": name}
        sent = await client.post("/", data=page.fields | written, follow_redirects=True)
    assert sent.status_code == 200
    complaint = sent.url.params["id"]
    shown = re.search(r'datetime="([^"]+)"', sent.text)
    assert shown
    credentials = stack.ready.credentials
    outside = await Outside.connect(stack.ready.nats_url, credentials.publisher, credentials.agent)
    received = await outside.until(complaint, "received")
    promised = await outside.until(complaint, "promise_made")
    facts = await outside.facts(complaint)
    await outside.close()
    assert (received["data"]["channel"], received["data"]["language"]) == ("web", "en")
    late = datetime.fromisoformat(promised["data"]["by_when"]) - datetime.fromisoformat(shown[1])
    assert timedelta(0) <= late < timedelta(minutes=2)
    assert name not in json.dumps(facts, ensure_ascii=False)
    assert "u@example.org" not in json.dumps(facts)
