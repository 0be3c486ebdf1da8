"""Another system classifies on a whole stack: it answers, is silent, lies, dies, and may do nothing else."""

import asyncio
import json
import sys
import time
from asyncio import create_subprocess_exec
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import nats
import pytest
import yaml
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error

from deploy.local.stack import Stack
from shared.contract.subjects import CLASSIFY, classify_for
from tests.listening import outside, ready_of
from tests.outside import Json, Outside
from tests.patience import PATIENCE, until

NAME = "other-brain"
WITHIN = 4.0
ACTOR = {"id": "classifier"}
DOCUMENT = Path(__file__).parents[2] / "docs" / "classification.md"
LATE = "The parcel came late again, nobody answers."

Answering = Callable[[Json], Awaitable[list[bytes]]]


@pytest.fixture(scope="module")
async def asking(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Stack, str]]:
    """A stack whose policy names the client, and the seed of that client."""
    pack = tmp_path_factory.mktemp("pack") / "asking"
    pack.mkdir()
    content = {"id": "asking", "version": "1", "extends": "default"}
    content |= {"external_classifier": {"client": NAME, "within_seconds": WITHIN}}
    (pack / "pack.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    running = Stack(tmp_path_factory.mktemp("asking"), policy=str(pack), with_board=False)
    await running.start()
    words = ("client", "add", NAME, "--kind", "classifier", "--dir", str(running.layout.root), "--json")
    made = await create_subprocess_exec(
        sys.executable, "-m", "services.console", *words, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await made.communicate()
    yield running, json.loads(printed)["seed_file"]
    await running.stop()


@asynccontextmanager
async def classifier(asking: tuple[Stack, str], answering: Answering) -> AsyncIterator[Client]:
    """The classifier, connected, with these answers."""
    stack, seed = asking
    client = await nats.connect(ready_of(stack).nats_url, nkeys_seed=seed, allow_reconnect=False)

    async def answer(message: Msg) -> None:
        for body in await answering(json.loads(message.data)):
            await message.respond(body)

    await client.subscribe(CLASSIFY, cb=answer)
    await client.flush()
    try:
        yield client
    finally:
        with suppress(Error):
            await client.close()


def good(request: Json, **more: Any) -> bytes:
    ids = {name: request[name] for name in ("request_id", "complaint_id")}
    return json.dumps(ids | {"category": "price", "confidence": 0.9} | more).encode()


async def triaged(system: Outside, narrative: str = LATE, **said: Any) -> Json:
    complaint = await system.submit(narrative=narrative, hints={}, **said)
    found: Json = (await system.until(complaint, "triaged"))["data"]
    return found


async def classified(system: Outside, status: str) -> Json:
    """A complaint on which the other system's answer had this status. On a busy machine one may come late."""
    return await until(lambda: triaged(system), lambda found: found["classified"]["status"] == status)


async def at_once(system: Outside) -> Json:
    """A complaint that did not wait for an answer of the other system."""

    async def measured() -> tuple[Json, float]:
        began = time.monotonic()
        return await triaged(system), time.monotonic() - began

    found, _ = await until(measured, lambda one: one[1] < WITHIN)
    return found


async def test_an_answer_counts_and_is_stored_beside_the_decision(asking: tuple[Stack, str]) -> None:
    stack, _ = asking
    read: list[Json] = []

    async def answer(request: Json) -> list[bytes]:
        for ref in request["text_refs"].values():
            query = json.dumps({"text_ref": ref, "actor": ACTOR, "purpose": "classification"}).encode()
            reply = await client.request("complaints.v1.query.text", query, timeout=WITHIN)
            read.append(json.loads(reply.data))
        return [good(request, sub="price.change", safety=True, words=["late"])]

    async with classifier(asking, answer) as client, outside(stack) as system:
        found = await classified(system, "answered")
        text = await system.query(
            "text",
            text_ref=found["classified"]["suggestion"]["words_ref"],
            actor={"id": "agent-1"},
            purpose="test",
        )
        escalated = await system.until(found["complaint_id"], "escalated")
    assert [one["result"]["text"] for one in read if LATE in one["result"]["text"]]
    assert (found["category"], found["sub"], found["safety"], found["severity"]) == (
        "price",
        "price.change",
        True,
        5,
    )
    assert found["category_guess"] == {
        "category": "price",
        "confidence": 0.9,
        "source": NAME,
        "unsure": False,
    }
    assert (found["classified"]["source"], found["classified"]["status"]) == (NAME, "answered")
    assert text["text"] == "late"
    assert escalated["data"]["why"] == "safety"
    assert "late" not in json.dumps(found)


async def test_the_example_of_the_document_classifies(asking: tuple[Stack, str], tmp_path: Path) -> None:
    stack, seed = asking
    code = DOCUMENT.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    file = tmp_path / "classifier.py"
    file.write_text(code, encoding="utf-8")
    example = await create_subprocess_exec(sys.executable, str(file), ready_of(stack).nats_url, seed)
    try:
        async with outside(stack) as system:
            found = await classified(system, "answered")
        assert example.returncode is None
    finally:
        example.kill()
        await example.wait()
    assert (found["category"], found["sub"]) == ("service", "delivery.late")
    assert [(one["motive"], one["source"]) for one in found["motives"]][1:] == [("time", NAME)]


async def test_a_lie_a_silence_and_a_death_leave_the_decision_to_the_model(asking: tuple[Stack, str]) -> None:
    stack, _ = asking

    async def lie(request: Json) -> list[bytes]:
        return [good(request | {"request_id": "x"}, safety=True), good(request)]

    async def silence(_: Json) -> list[bytes]:
        return []

    async with outside(stack) as system:
        async with classifier(asking, lie):
            found = await classified(system, "unusable")
            assert found["classified"] == {"source": NAME, "status": "unusable"}
            assert not found["safety"]
        async with classifier(asking, silence):
            assert (await triaged(system))["classified"]["status"] == "absent"
            assert (await at_once(system))["classified"]["status"] == "absent"
        found = await triaged(system)
        assert found["classified"]["status"] == "absent"
        assert found["category_guess"]["source"] == "classifier"


async def test_a_classifier_that_is_back_is_used_again_and_no_complaint_waits_where_it_is_gone(
    asking: tuple[Stack, str],
) -> None:
    async def answer(request: Json) -> list[bytes]:
        return [good(request)]

    async with classifier(asking, answer), outside(asking[0]) as system:
        await classified(system, "answered")
    async with outside(asking[0]) as system:
        found = await at_once(system)
    assert found["classified"]["status"] == "absent"


async def test_it_may_read_the_complainants_words_for_its_purpose_and_nothing_else(
    asking: tuple[Stack, str],
) -> None:
    async def silence(_: Json) -> list[bytes]:
        return []

    stack, _ = asking
    refused: list[str] = []
    async with classifier(asking, silence) as client, outside(stack) as system:
        complaint = await system.submit(customer={"ref": "c-9", "name": "Han Mei"})
        narrative, address = f"intake:{complaint}:narrative", f"intake:{complaint}:customer"
        for ref, purpose in ((address, "classification"), (narrative, "curiosity")):
            query = json.dumps({"text_ref": ref, "actor": ACTOR, "purpose": purpose}).encode()
            reply = json.loads(
                (await client.request("complaints.v1.query.text", query, timeout=PATIENCE)).data
            )
            refused.append(reply["error"]["code"])
        other = json.dumps({"complaint_id": complaint}).encode()
        reply = json.loads(
            (await client.request("complaints.v1.query.complaint", other, timeout=PATIENCE)).data
        )
        refused.append(reply["error"]["code"])
        for subject in (
            "complaints.v1.command.note",
            CLASSIFY,
            classify_for(NAME),
            "complaints.v1.submit.web",
        ):
            with pytest.raises(Error):
                await client.request(subject, b"{}", timeout=0.5)
    assert refused == ["client_not_allowed", "malformed", "client_not_allowed"]
