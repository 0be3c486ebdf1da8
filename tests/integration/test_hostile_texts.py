"""Texts made to be slow: intake takes them, masks them, and meanwhile goes on answering others."""

import asyncio
import time
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session

from services.intake.service import Intake
from shared.contract import subjects
from shared.contract.ids import text_ref
from shared.contract.quarantine import HEADER_FIELD
from shared.contract.subjects import Service
from shared.runtime.side_work import SideWork
from tests.integration.intake_service import Door, new_submission
from tests.patience import PATIENCE

ID = "11010519491231002X"
SLOW = {
    "a thousand numbers, 19 KB": "/".join([ID] * 1000),
    "34 KB of numbers": "/".join([ID] * 1800),
    "digits and spaces, 200 KB": ("1 " * 100_000)[:199_999],
    "cards": "4111 1111 1111 1112 " * 9_000,
    "marks of two kinds": "a" + "\u0301\u0323" * 30_000,
    "spaces between dots": "." + " " * 180_000 + ".",
    "one giant word": "a" * 199_999,
}
STALL_SECONDS = 0.5
"""Processor time of this thread alone: what other processes take does not count."""


async def longest_stall(until: asyncio.Event) -> float:
    longest = 0.0
    while not until.is_set():
        began = time.thread_time()
        await asyncio.sleep(0.005)
        longest = max(longest, time.thread_time() - began)
    return longest


def opened(intake: Intake, ref: str, session: Session) -> str:
    return intake.store.texts.open(session, ref)


async def test_texts_made_to_be_slow_are_taken_and_the_loop_goes_on(door: Door) -> None:
    async with door.open() as intake:
        complaint, message = new_submission(narrative="x" * 9_000)
        await door.submit(message)
        await door.idle()  # the process beside is there
        over = asyncio.Event()
        stall = asyncio.create_task(longest_stall(over))
        slow = {name: new_submission(title=None, narrative=text) for name, text in SLOW.items()}
        for _, message in slow.values():
            await door.submit(message)
        async with asyncio.timeout(2 * PATIENCE):
            await door.idle()
        over.set()
        for name, (complaint, _) in slow.items():
            assert (await door.names(complaint))[0] == "received", name
            narrative = text_ref(Service.INTAKE, complaint, "narrative")
            stored = await intake.store.database.read(partial(opened, intake, narrative))
            assert ID not in stored, name
    assert await stall < STALL_SECONDS


async def test_a_contact_made_to_be_slow_is_masked_before_it_is_stored(door: Door) -> None:
    async with door.open() as intake:
        complaint, message = new_submission()
        await door.submit(message)
        await door.idle()
        text = "/".join([ID] * 1000)
        request: dict[str, Any] = {"command_id": "c-1", "complaint_id": complaint, "actor": {"id": "agent-1"}}
        reply = await door.ask(
            f"{subjects.COMMAND}.add_contact", request | {"data": {"channel": "web", "text": text}}
        )
        assert reply["ok"], reply
        ref = reply["result"]["text_ref"]
        stored = await intake.store.database.read(lambda session: intake.store.texts.open(session, ref))
        assert stored == "/".join(["[identity ••••]"] * 1000)


async def test_a_submission_past_the_budget_is_quarantined_once_and_not_delivered_again(door: Door) -> None:
    complaint, message = new_submission(narrative="x" * 9_000)
    name = f"{subjects.QUARANTINE}.too_complex"
    heard = await door.admin.subscribe(name)
    async with door.open() as intake:
        reading: SideWork[Any] = intake.submissions.work.reading._beside  # type: ignore[attr-defined]
        reading._budget = 1e-6
        await door.submit(message)
        await door.idle()
        (copy,) = [await heard.next_msg(timeout=PATIENCE)]
        assert (copy.headers or {})[HEADER_FIELD] == "data"
        assert await door.names(complaint) == []
        with pytest.raises(TimeoutError):
            await heard.next_msg(timeout=1)

        request: dict[str, Any] = {"command_id": "c-2", "complaint_id": complaint, "actor": {"id": "agent-1"}}
        reply = await door.ask(
            f"{subjects.COMMAND}.add_contact", request | {"data": {"channel": "web", "text": "1 " * 9_000}}
        )
        assert (reply["error"]["code"], reply["error"]["field"]) == ("malformed", "data.text")
