"""Erasure, proved: before it no file holds a text in the clear; after it no file holds anything to open."""

import base64
import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import nats
import pytest
from temporalio.client import Client as Temporal
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from deploy.local.stack import Stack
from services.followup.workflow import FollowUpWorkflow
from services.routing.workflow import ComplaintWorkflow
from shared.client.fast_forward import fast_forward
from shared.contract.ids import complaint_id, complaint_workflow_id, followup_workflow_id
from shared.contract.quarantine import HEADER_COMPLAINT
from shared.contract.subjects import QUARANTINE_STREAM, Service, submit
from shared.runtime.workflows.determinism import runner
from tests.amends_command import amends
from tests.lives import RATINGS, called, carried_out, owner_of
from tests.markers import Person, holding, in_the_clear, lacking, sealed, writings
from tests.outside import OPTIONS, STANDARD, Json, Outside, name_of
from tests.patience import PATIENCE

PRIVACY = "privacy-1"


@dataclass
class Life:
    """A complaint that went all its way, with a text at every step."""

    id: str
    external: str
    person: Person
    before: dict[str, list[bytes]]
    rates: Json
    worklist: int
    state: Json
    facts: list[Json]
    reply: Json


async def spoken_everywhere(system: Outside, temporal: Temporal, complaint: str, person: Person) -> None:
    """Texts in intake, routing and followup, from the owner and from the complainant."""
    says, owner = person.says, await owner_of(system, complaint)
    await system.do("add_contact", complaint, "agent-1", channel="phone", text=says("again"))
    await system.do("respond", complaint, owner, kind="plan", text=says("plan"))
    await system.do("note", complaint, owner, text=says("note"))
    clear = {"cause": person.name_zh, "cause_side": "defect", "liability": "company"}
    await system.do("clarify", complaint, owner, **clear, text=says("cause"), evidence=[says("proof")])
    task = await system.do("open_task", complaint, owner, unit=person.name_en, text=says("task"))
    await system.do("finish_task", complaint, owner, task_id=task["task_id"], text=says("done"))
    need = {"party": "customer", "interest": "fix", "confirmed": True}
    await system.do("record_interest", complaint, owner, **need, text=says("interest"))
    options = [option | {"text": says("option")} for option in OPTIONS]
    await system.do("prepare_options", complaint, owner, options=options)
    offer = {"option_id": "refund", "standards": [STANDARD], "text": says("offer")}
    made = await system.do("offer", complaint, owner, **offer)
    answer = {"offer_id": made["offer_id"], "answer": "accepted", "text": says("yes")}
    await system.do("answer", complaint, "customer", **answer)
    await carried_out(system, complaint, owner)
    await called(system, complaint, lambda one, by: fast_forward(temporal, one, by), 1)
    report = {"attempt": 1, "result": "later", "text": says("callback")}
    await system.do("report_callback", complaint, "lead-3", **report)
    verdict = {"resolved": True, "overall": 5, **RATINGS, "text": says("verdict")}
    await system.do("record_satisfaction", complaint, "customer", **verdict)
    await system.until_closed(complaint)


async def put_aside_first(stack: Stack, external: str, person: Person) -> None:
    """The sender's first try, with a loss below zero: it stands in the quarantine with its bytes."""
    assert stack.ready
    client = await nats.connect(stack.ready.nats_url, nkeys_seed=stack.ready.credentials.publisher)
    data = {"customer": {"ref": "c", "name": person.name_zh}, "title": person.says("bad"), "loss": "-1"}
    event = {"specversion": "1.0", "type": "complaints.submitted.v1", "source": "test/shop", "id": external}
    await client.jetstream().publish(submit("web"), json.dumps(event | {"data": data}).encode())
    await client.close()


def copies(complaint: str, headers: list[dict[str, str]]) -> int:
    return sum(one.get(HEADER_COMPLAINT) == complaint for one in headers)


async def put_aside(stack: Stack) -> list[dict[str, str]]:
    """The headers of all that stands in the quarantine."""
    assert stack.ready
    client = await nats.connect(stack.ready.nats_url, nkeys_seed=stack.ready.credentials.admin)
    stream, found, seq = client.jetstream(), [], 1
    try:
        while True:
            message = await stream.get_msg(QUARANTINE_STREAM, seq=seq, subject=">", next=True)
            found.append(dict(message.headers or {}))
            seq = (message.seq or seq) + 1
    except nats.js.errors.NotFoundError:
        return found
    finally:
        await client.close()


async def open_or_closed(system: Outside) -> int:
    return len((await system.query("worklist", include_closed=True, limit=500))["items"])


@pytest.fixture(scope="module")
async def life(stack: Stack, system: Outside, temporal: Temporal) -> Life:
    """Lived, looked at, and then erased."""
    person, external = Person(), uuid.uuid4().hex
    complaint = complaint_id("test/shop", external)
    await put_aside_first(stack, external, person)
    await system.submit(
        external_id=external,
        customer={"ref": "c-1", "name": person.name_zh, "phone": person.phone, "email": person.email},
        title=person.says("标题 title"),
        narrative=person.says("投诉 narrative"),
        remedy_sought=person.says("退款！"),
        about_staff=person.name_zh,
        unit=person.name_en,
    )
    await spoken_everywhere(system, temporal, complaint, person)
    root = stack.layout.root
    assert in_the_clear(root, person.words) == []
    assert copies(complaint, await put_aside(stack)) == 1
    before = sealed(stack.layout.databases, complaint)
    assert all(len(rows) > 2 for rows in before.values())
    assert lacking(root, [one for rows in before.values() for one in rows]) == []
    rates, listed = await system.query("rates"), await open_or_closed(system)
    state, facts = await system.query("complaint", complaint_id=complaint), await system.facts(complaint)
    reply = await system.command("erase", complaint, PRIVACY, reason="requested")
    return Life(complaint, external, person, before, rates, listed, state, facts, reply)


def test_the_search_finds_a_word_however_it_is_written(tmp_path: Path) -> None:
    word = Person().name_zh
    ways = [word.encode(), word.encode("utf-16"), json.dumps({"name": f"x{word}"}).encode()]
    ways += [base64.b64encode(b"." * before + word.encode() + b".") for before in range(6)]
    for number, way in enumerate(ways):
        (tmp_path / str(number)).write_bytes(b"\0\1" + way + b"\2")
    assert len(in_the_clear(tmp_path, [word])) == len(ways)
    assert in_the_clear(tmp_path, [Person().name_zh]) == []
    assert len(writings(word)) >= 7


async def test_an_erasure_is_answered_when_every_service_has_confirmed(life: Life) -> None:
    texts = sum(len(rows) - 1 for rows in life.before.values())
    assert life.reply["ok"], life.reply
    assert life.reply["events"] == ["erased"]
    assert life.reply["stage"] == "closed"
    assert life.reply["result"] == {"reason": "requested", "texts": texts}


async def test_no_file_holds_a_word_a_sealed_text_or_a_key_of_it(life: Life, stack: Stack) -> None:
    root = stack.layout.root
    assert sealed(stack.layout.databases, life.id) == {service: [] for service in Service}
    assert holding(root, [one for rows in life.before.values() for one in rows]) == []
    assert in_the_clear(root, life.person.words) == []


async def test_the_copy_in_the_quarantine_is_gone(life: Life, stack: Stack) -> None:
    assert copies(life.id, await put_aside(stack)) == 0


async def test_an_erasure_adds_one_fact_and_keeps_every_count(life: Life, system: Outside) -> None:
    assert await system.query("rates") == life.rates
    assert await open_or_closed(system) == life.worklist
    assert await system.query("complaint", complaint_id=life.id) == life.state
    *facts, erased = await system.facts(life.id)
    assert facts == life.facts
    assert erased["type"] == "complaints.event.erased.v1"
    assert erased["data"]["actor"] == {"id": PRIVACY, "role": "privacy", "via": "agent"}
    own = {name: erased["data"][name] for name in ("stage", "cycle", "reason")}
    assert own == {"stage": "closed", "cycle": 1, "reason": "requested"}


async def test_every_text_is_refused_as_erased(life: Life, system: Outside) -> None:
    refs = [str(value) for event in life.facts for value in _refs(event["data"])]
    assert {ref.split(":")[0] for ref in refs} == set(Service)
    for ref in refs:
        request = {"text_ref": ref, "actor": {"id": "lead-1"}, "purpose": "test"}
        reply = await system.ask("complaints.v1.query.text", request)
        assert reply["error"]["code"] == "erased", ref


def _refs(data: Any) -> list[str]:
    """Every reference, however deep."""
    if isinstance(data, dict):
        return [ref for value in data.values() for ref in _refs(value)]
    if isinstance(data, list):
        return [ref for value in data for ref in _refs(value)]
    return [data] if isinstance(data, str) and data.startswith(tuple(f"{one}:C" for one in Service)) else []


async def test_the_histories_still_replay(life: Life, temporal: Temporal) -> None:
    replayer = Replayer(
        workflows=[ComplaintWorkflow, FollowUpWorkflow],
        data_converter=pydantic_data_converter,
        workflow_runner=runner(),
    )
    for name in (complaint_workflow_id(life.id), followup_workflow_id(life.id, 1)):
        history = await temporal.get_workflow_handle(name).fetch_history()
        await replayer.replay_workflow(history)


async def test_every_deadline_can_still_be_proved(life: Life, stack: Stack) -> None:
    verified = await amends("verify", life.id, "--dir", str(stack.layout.root))
    assert verified.status == 0, verified.out


async def test_no_second_submission_and_no_repeated_command_restores_texts(
    life: Life, stack: Stack, system: Outside
) -> None:
    await system.submit(external_id=life.external, narrative=life.person.says("wieder"))
    other = await system.submit()
    await system.until(other, "assigned")
    assert sealed(stack.layout.databases, life.id) == {service: [] for service in Service}
    assert await system.facts(life.id) == [*life.facts, (await system.facts(life.id))[-1]]
    assert in_the_clear(stack.layout.root, life.person.words) == []


async def test_a_text_that_comes_after_an_erasure_is_kept_until_the_next_erasure(
    stack: Stack, system: Outside, temporal: Temporal
) -> None:
    complaint, person = await system.submit(), Person()
    owner = await owner_of(system, complaint)
    await system.do("respond", complaint, owner, kind="plan", text="早先的话")
    first = await system.command("erase", complaint, PRIVACY, reason=person.says("she asked"))
    assert first["result"]["reason"] == "other"
    noted = await system.do("note", complaint, owner, text=person.says("later"))
    assert (await _read(system, noted["text_ref"]))["result"]["text"] == person.says("later")
    await fast_forward(temporal, complaint, timedelta(hours=80))  # notices are told, of what is gone
    again = await system.command("erase", complaint, PRIVACY, reason="requested")
    nothing = await system.command("erase", complaint, PRIVACY, reason="requested")
    assert again["events"] == ["erased"]
    assert (nothing["ok"], nothing["events"], nothing["result"]["texts"]) == (True, [], 0)
    assert (await _read(system, noted["text_ref"]))["error"]["code"] == "erased"
    assert in_the_clear(stack.layout.root, person.words) == []


async def test_an_erasure_continues_by_itself_after_a_service_was_down_and_intake_was_killed(
    stack: Stack, system: Outside
) -> None:
    complaint, person = await system.submit(), Person()
    owner = await owner_of(system, complaint)
    await system.do("note", complaint, owner, text=person.says("note"))
    request: Json = {"command_id": "e-1", "complaint_id": complaint, "actor": {"id": PRIVACY}}
    request["data"] = {"reason": "requested"}
    await stack.kill("routing", restart=False)
    try:
        assert await _once(stack, "complaints.v1.command.erase", request) == "unavailable"
        await stack.kill("intake")
        await stack.wait_ready("intake")
    finally:
        await stack.revive("routing")
    await system.until(complaint, "erased")
    assert sealed(stack.layout.databases, complaint) == {service: [] for service in Service}
    reply = await system.ask("complaints.v1.command.erase", request)
    assert (reply["ok"], reply["events"]) == (True, ["erased"])
    assert [name_of(event) for event in await system.facts(complaint)].count("erased") == 1


async def _once(stack: Stack, subject: str, request: Json) -> str:
    """The code of the refusal, without asking again."""
    assert stack.ready
    client = await nats.connect(stack.ready.nats_url, nkeys_seed=stack.ready.credentials.agent)
    answer = await client.request(subject, json.dumps(request).encode(), timeout=PATIENCE)
    await client.close()
    return str(json.loads(answer.data)["error"]["code"])


async def _read(system: Outside, ref: str) -> Json:
    request = {"text_ref": ref, "actor": {"id": "lead-1"}, "purpose": "test"}
    return await system.ask("complaints.v1.query.text", request)
