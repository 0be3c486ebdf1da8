"""The proof tools walk through more complaints than a page has, on a running stack."""

import asyncio
import json
import os
import sqlite3
from contextlib import closing

import nats
import pytest

from deploy.local.stack import Stack
from shared.contract import subjects
from shared.contract.ids import complaint_id
from shared.runtime.messages.timeline import read_timeline
from tests.amends_command import Ran
from tests.lives import owner_of
from tests.outside import Outside
from tests.patience import PATIENCE

THOROUGH = int(os.environ.get("AMENDS_THOROUGH", "1")) > 1
MANY, PAGE = (2000, 500) if THOROUGH else (120, 50)
"""A page of the tools has 500; for fewer complaints it is smaller, so that they always turn some."""

AT_ONCE = 200

PROGRAM = f"""
import services.console.audit.proofs, shared.runtime.messages.timeline
from services.console.__main__ import main
services.console.audit.proofs.PAGE = shared.runtime.messages.timeline.BATCH = {PAGE}
main()
"""


async def run(stack: Stack, *words: str) -> Ran:
    import sys
    from pathlib import Path

    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, *words, "--dir", str(stack.layout.root)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    out, err = await process.communicate()
    return Ran(process.returncode or 0, out.decode(), err.decode())


async def copied(stack: Stack, original: str, many: int) -> list[str]:
    """So many copies of a complaint: rows of routing, and facts in the stream."""
    copies = [complaint_id("many", str(number)) for number in range(many)]
    with (
        closing(sqlite3.connect(stack.layout.databases / "routing.db", timeout=PATIENCE)) as database,
        database,
    ):
        for table in ("complaint_case", "recorded_fact"):
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            rows = database.execute(f"SELECT * FROM {table} WHERE complaint_id = ?", (original,)).fetchall()
            marks = ", ".join("?" * len(columns))
            for one in copies:
                changed = [tuple(_renamed(value, original, one) for value in row) for row in rows]
                database.executemany(f"INSERT INTO {table} VALUES ({marks})", changed)
    ready = stack.ready
    assert ready
    admin = await nats.connect(ready.nats_url, nkeys_seed=str(ready.credentials.admin))
    try:
        events = await read_timeline(admin, original)
        js = admin.jetstream(timeout=PATIENCE)

        async def say(one: str) -> None:
            for event in events:
                body = json.dumps(event, ensure_ascii=False).replace(original, one).encode()
                named = json.loads(body)
                subject = subjects.event(named["type"].split(".")[2], one)
                await js.publish(subject, body, headers={"Nats-Msg-Id": named["id"]})

        for begin in range(0, many, AT_ONCE):
            await asyncio.gather(*(say(one) for one in copies[begin : begin + AT_ONCE]))
    finally:
        await admin.close()
    return copies


def _renamed(value: object, original: str, one: str) -> object:
    if isinstance(value, bytes):
        return value.replace(original.encode(), one.encode())
    return value.replace(original, one) if isinstance(value, str) else value


@pytest.mark.timeout(900)
async def test_reconcile_and_verify_see_them_all(file_stack: Stack) -> None:
    ready = file_stack.ready
    assert ready
    outside = await Outside.connect(ready.nats_url, ready.credentials.publisher, ready.credentials.agent)
    try:
        original = await outside.submit(hints={"category": "product"})
        owner = await owner_of(outside, original)
        await outside.do("respond", original, owner, kind="plan", text="明天上门检查。")
    finally:
        await outside.close()
    copies = await copied(file_stack, original, MANY)

    verified = await run(file_stack, "verify", "--all", "--json")
    assert verified.err == ""
    assert verified.document["wrong"] == []
    assert verified.document["checked"] >= MANY

    reconciled = await run(file_stack, "reconcile", "--json")
    assert reconciled.document["looked_at"] == MANY + 1, reconciled.err
    found = {one["complaint_id"] for one in reconciled.document["findings"]}
    assert found == set(copies)  # they have no workflow, and each of them is named
