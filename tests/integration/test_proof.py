"""Proof on a running stack: every deadline can be recomputed, and whatever could be forgotten is found."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.worker import Worker

from deploy.local.stack import Stack
from services.console.audit.verifier.given import text_of
from services.console.connection.place import find
from services.console.connection.temporal import temporal_client
from shared.client.fast_forward import fast_forward
from shared.contract.ids import complaint_workflow_id, followup_workflow_id
from tests.amends_command import Ran, amends
from tests.integration.lost_timer import LOSE, QUEUE, LostTimer
from tests.lives import breached, owner_of, resolved
from tests.outside import Outside, name_of
from tests.patience import PATIENCE, until

Json = dict[str, Any]
RULE = "response_24h"
FAR = "2030-01-01 00:00:00.000000"


@pytest.fixture(scope="module")
async def outside(file_stack: Stack) -> AsyncIterator[Outside]:
    ready = file_stack.ready
    assert ready
    system = await Outside.connect(ready.nats_url, ready.credentials.publisher, ready.credentials.agent)
    yield system
    await system.close()


@pytest.fixture(scope="module")
async def file_temporal(file_stack: Stack) -> Client:
    return await temporal_client(find(file_stack.layout.root))


async def run(stack: Stack, *words: str) -> Ran:
    return await amends(*words, "--dir", str(stack.layout.root))


async def reconciled(stack: Stack) -> dict[str, list[str]]:
    """What one pass finds, by complaint."""
    ran = await run(stack, "reconcile", "--json")
    found: dict[str, list[str]] = {}
    for one in ran.document["findings"]:
        found.setdefault(one["complaint_id"], []).append(one["finding"])
    assert ran.status == (1 if found else 0)
    assert ran.document["looked_at"] > 0
    return found


@pytest.fixture(scope="module")
async def eventful(outside: Outside, file_temporal: Client) -> str:
    """A complaint that was paused, extended and breached, and is still open."""
    complaint = await outside.submit(hints={"category": "product"})
    owner = await owner_of(outside, complaint)
    await fast_forward(file_temporal, complaint, timedelta(hours=20))
    await outside.do("respond", complaint, owner, kind="plan", text="明天上门检查。")
    await outside.do("pause", complaint, owner, reason="等客户寄回商品")
    await fast_forward(file_temporal, complaint, timedelta(days=3))
    await outside.do("resume", complaint, owner, reason="收到了")
    state = await outside.query("complaint", complaint_id=complaint)
    due = next(one["due"] for one in state["obligations"] if one["obligation"] == "resolution")
    until = (datetime.fromisoformat(due) + timedelta(days=2)).isoformat()
    await outside.do("extend", complaint, owner, obligation="resolution", until=until, reason="等配件")
    await fast_forward(file_temporal, complaint, timedelta(days=40))
    return complaint


async def test_a_healthy_stack_has_nothing_to_report_and_every_deadline_is_recomputed(
    file_stack: Stack, outside: Outside, file_temporal: Client, eventful: str
) -> None:
    async def move(one: str, delta: timedelta) -> object:
        return await fast_forward(file_temporal, one, delta)

    closed, waiting = [await outside.submit(hints={"category": "product"}) for _ in range(2)]
    await breached(outside, closed, move)
    owner = await owner_of(outside, waiting)
    await outside.do("pause", waiting, owner, reason="等客户")
    await outside.until(closed, "closed")
    assert await reconciled(file_stack) == {}
    ran = await run(file_stack, "verify", "--all", "--json")
    assert ran.document["wrong"] == []
    assert ran.document["checked"] > 12
    assert ran.status == 0


async def test_a_certificate_of_a_paused_extended_and_breached_deadline_verifies(
    file_stack: Stack, eventful: str, tmp_path: Path
) -> None:
    written = await run(file_stack, "certificate", eventful, "--obligation", "resolution", "--json")
    (certificate,) = written.document
    assert certificate["outcome"] == "breached"
    assert {"pause", "extension"} <= {move["why"] for move in certificate["moves"]}
    file = tmp_path / "certificates.json"
    file.write_text(written.out, encoding="utf-8")
    judged = await run(file_stack, "verify", "--certificates", str(file))
    assert judged.status == 0, judged.out + judged.err
    assert judged.out.startswith(f"ok       {eventful} resolution: breached")
    shown = await run(file_stack, "certificate", eventful)
    assert "resolution (house)" in shown.out


@pytest.mark.parametrize(
    "part", ['"due": "2', "business_days", '"digest": "', "-routing-", '"percent": ', "  "]
)
async def test_a_certificate_that_was_changed_by_one_character_fails(
    file_stack: Stack, eventful: str, tmp_path: Path, part: str
) -> None:
    written = (await run(file_stack, "certificate", eventful, "--json")).out
    place = written.index(part) + len(part) - 1
    other = "3" if written[place] == "2" else "2" if written[place].isdigit() else "x"
    file = tmp_path / "certificates.json"
    file.write_text(written[:place] + other + written[place + 1 :], encoding="utf-8")
    judged = await run(file_stack, "verify", "--certificates", str(file))
    assert judged.status == 1
    assert "DIFFERS" in judged.out or str(file) in judged.err


async def test_a_file_of_no_certificates_is_refused_and_verifies_nothing_else(
    file_stack: Stack, eventful: str, tmp_path: Path
) -> None:
    file = tmp_path / "certificates.json"
    file.write_text(text_of([]), encoding="utf-8")
    judged = await run(file_stack, "verify", "--certificates", str(file))
    assert judged.status == 1
    assert (judged.out, judged.err) == ("", f"{file}: there is no certificate in it.\n")


async def test_the_policy_of_a_complaint_can_be_had_by_its_hash(outside: Outside, eventful: str) -> None:
    state = await outside.query("complaint", complaint_id=eventful)
    found = await outside.query("policy", hash=state["policy"]["hash"])
    assert json.loads(found["content"])["pack"]["id"] == "default"
    assert found["policy"] == state["policy"]
    assert "content" not in await outside.query("policy")


async def test_a_deleted_row_and_a_workflow_that_is_gone_are_found_in_one_pass(
    file_stack: Stack, outside: Outside, file_temporal: Client
) -> None:
    submitted = [await outside.submit(hints={"category": "product"}) for _ in range(8)]
    rowless, orphan, behind, gap, forgetful, done, hidden, later = submitted
    for one in (rowless, orphan, behind, gap, forgetful, hidden, later):
        await outside.until(one, "assigned")
    await resolved(outside, done)
    await _quiet(file_stack)
    _change(file_stack, "DELETE FROM complaint_case WHERE complaint_id = ?", rowless)
    _change(file_stack, "UPDATE complaint_case SET recorded_seq = 3 WHERE complaint_id = ?", behind)
    _change(file_stack, "DELETE FROM recorded_fact WHERE seq = 5 AND complaint_id = ?", gap)
    _change(file_stack, "UPDATE complaint_case SET stage = 'closed' WHERE complaint_id = ?", hidden)
    _change(
        file_stack, f"UPDATE complaint_case SET next_due = '{FAR}', owner = 'x' WHERE complaint_id = ?", later
    )
    last = "(SELECT recorded_seq FROM complaint_case WHERE complaint_id = recorded_fact.complaint_id)"
    _change(file_stack, f"DELETE FROM recorded_fact WHERE seq = {last} AND complaint_id = ?", forgetful)
    await file_temporal.get_workflow_handle(complaint_workflow_id(orphan)).terminate()
    await file_temporal.get_workflow_handle(followup_workflow_id(done, 1)).terminate()
    found = await reconciled(file_stack)
    assert set(found) == set(submitted)
    assert all("stored facts" in found[one][0] for one in (gap, forgetful))
    (unfollowed,) = found[done]
    assert "no follow-up runs for it" in unfollowed
    assert "routing has no row of it" in found[rowless][0]
    assert "no workflow runs for it" in found[orphan][0]
    assert "its row includes fact 3 of routing" in found[behind][0]
    assert found[hidden] == ["its row has the stage closed, and by its facts it is open"]
    assert [one.split(", and by its facts")[0] for one in found[later]] == [
        "the lists show owner x",
        "the lists show 2030-01-01T00:00:00+00:00 as due next",
    ]


async def test_a_lost_row_stops_no_pass_and_every_reader_names_it(
    file_stack: Stack, outside: Outside, eventful: str
) -> None:
    """One complaint has lost the fact that set a clock, one has a fact that nobody can read."""
    unreadable = await outside.submit(hints={"category": "product"})
    await owner_of(outside, unreadable)
    events = await outside.facts(eventful)
    set_ = next(e for e in events if name_of(e) == "deadline_set" and e["data"]["obligation"] == RULE)
    gone = set_["data"]["seq"]
    with _without(file_stack, eventful, gone), _without(file_stack, unreadable, 2, instead=b"{}"):
        found, judged, shown, certified = await asyncio.gather(
            reconciled(file_stack),
            run(file_stack, "verify", "--all", "--json"),
            run(file_stack, "show", eventful),
            run(file_stack, "certificate", eventful),
        )
    assert found[eventful][0].endswith(f": without {gone}")
    assert found[unreadable][0].startswith("what routing has of it cannot be read: ")
    assert {one["complaint_id"] for one in judged.document["wrong"]} >= {eventful, unreadable}
    assert judged.document["checked"] > 12
    said = f"No longer stored: fact {gone} of routing. Its deadlines cannot be certified."
    assert (shown.status, said in shown.out) == (0, True)
    assert (certified.status, certified.err) == (1, f"{said}\n")


async def test_a_policy_that_was_deleted_is_found_by_every_complaint_under_it(
    file_stack: Stack, outside: Outside, eventful: str
) -> None:
    identity = (await outside.query("complaint", complaint_id=eventful))["policy"]["hash"]
    with sqlite3.connect(file_stack.layout.databases / "routing.db", timeout=PATIENCE) as database:
        row = database.execute("SELECT hash, id, content FROM policy WHERE hash = ?", (identity,)).fetchone()
    database.close()
    _change(file_stack, "DELETE FROM policy WHERE hash = ?", identity)
    found = await reconciled(file_stack)
    with sqlite3.connect(file_stack.layout.databases / "routing.db", timeout=PATIENCE) as database:
        database.execute("INSERT INTO policy (hash, id, content) VALUES (?, ?, ?)", row)
    database.close()
    assert found[eventful] == [f"the text of policy {identity}, which it was under, is not stored"]


async def test_a_timer_that_is_gone_is_found_in_one_pass(
    file_stack: Stack, outside: Outside, file_temporal: Client
) -> None:
    """The same facts, row and answers; only the timer in the server's history is there, or is not."""
    complaint = await outside.submit(hints={"category": "product"})
    await outside.until(complaint, "assigned")
    case = file_temporal.get_workflow_handle(complaint_workflow_id(complaint))
    answer = await case.query("settled")
    await case.terminate()
    async with Worker(file_temporal, task_queue=QUEUE, workflows=[LostTimer]):
        stand_in = await file_temporal.start_workflow(LostTimer.run, answer, id=case.id, task_queue=QUEUE)
        assert await stand_in.query("settled") == answer
        assert complaint not in await reconciled(file_stack)
        await stand_in.signal(LOSE)
        found = await reconciled(file_stack)
    (finding,) = found[complaint]
    assert finding.startswith("its workflow has no timer that rings by")


async def _quiet(stack: Stack) -> None:
    """Wait until nothing is on its way any more."""
    await until(lambda: reconciled(stack), lambda found: not found)


@contextmanager
def _without(stack: Stack, complaint: str, seq: int, instead: bytes | None = None) -> Iterator[None]:
    """A recorded fact is gone, or something else in its place, until it is given back."""
    place = "complaint_id = ? AND seq = ?"
    with closing(sqlite3.connect(stack.layout.databases / "routing.db", timeout=PATIENCE)) as database:
        (was,) = database.execute(
            f"SELECT recorded FROM recorded_fact WHERE {place}", (complaint, seq)
        ).fetchone()
        change = "INSERT OR REPLACE INTO recorded_fact (complaint_id, seq, recorded) VALUES (?, ?, ?)"
        with database:
            database.execute(f"DELETE FROM recorded_fact WHERE {place}", (complaint, seq))
            if instead is not None:
                database.execute(change, (complaint, seq, instead))
        yield
        with database:
            database.execute(change, (complaint, seq, was))


def _change(stack: Stack, statement: str, complaint: str) -> None:
    """Somebody at the database, while the service runs."""
    with sqlite3.connect(stack.layout.databases / "routing.db", timeout=PATIENCE) as database:
        assert database.execute(statement, (complaint,)).rowcount == 1
    database.close()
