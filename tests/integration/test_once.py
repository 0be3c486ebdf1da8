"""One id, one command, on both databases: aliases and several processes change nothing of that."""

import asyncio
import base64
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from shared.contract.commands import Accepted, ActorRef, Command, CommandRequest, Note, Refused
from shared.contract.errors import ErrorCode, refuse
from shared.contract.subjects import Service
from shared.contract.values import Stage
from shared.runtime.messages.once import Once
from shared.runtime.storage import migrations
from shared.runtime.storage.database import Database
from shared.runtime.texts.digests import Digests, digests_of
from shared.runtime.texts.master_key import MasterKey

ALIAS, SURVIVOR = "Caaaaaaaaaaaaaaa", "Cbbbbbbbbbbbbbbb"
UNKNOWN = Refused(error=refuse(ErrorCode.UNKNOWN_COMPLAINT))


@pytest.fixture
def stored(tmp_path: Path, database_url: str) -> Iterator[tuple[Database, Digests]]:
    database = Database(database_url)
    migrations.upgrade(Service.INTAKE, database)
    key = tmp_path / "master.key"
    key.write_bytes(base64.b64encode(secrets.token_bytes(32)))
    try:
        yield database, digests_of(database, MasterKey.from_file(key))
    finally:
        database.close()


def request(command_id: str, complaint: str) -> CommandRequest:
    return CommandRequest(
        command_id=command_id, complaint_id=complaint, actor=ActorRef(id="agent-1"), data={}
    )


def done(complaint: str) -> Accepted:
    return Accepted(complaint_id=complaint, stage=Stage.ANALYSING, events=["noted"], allowed=[])


def used(reply: BaseModel) -> bool:
    return isinstance(reply, Refused) and (reply.error.code, reply.error.field) == ("malformed", "command_id")


async def carried_out(request: CommandRequest, command: Command) -> BaseModel:
    return done(request.complaint_id)


@pytest.mark.parametrize("first", [("x", ALIAS), (f"x~{ALIAS}", SURVIVOR)])
async def test_an_id_that_names_an_alias_is_claimed_with_the_alias(
    stored: tuple[Database, Digests], first: tuple[str, str]
) -> None:
    once = Once(*stored, carried_out, keeps=True)
    ways = [("x", ALIAS), (f"x~{ALIAS}", SURVIVOR), (f"x~{ALIAS}~{SURVIVOR}", "Cccccccccccccccc")]
    assert not used(await once(request(*first), Note(text="first")))
    for way in ways:
        assert used(await once(request(*way), Note(text="other"))), way
        assert not used(await once(request(*way), Note(text="first"))), way
    assert not used(await once(request("y~x", SURVIVOR), Note(text="other")))


async def test_a_passing_refusal_frees_no_id_that_another_process_is_at_work_on(
    stored: tuple[Database, Digests],
) -> None:
    begun, finish = asyncio.Event(), asyncio.Event()

    async def slow(request: CommandRequest, command: Command) -> BaseModel:
        begun.set()
        await finish.wait()
        return done(request.complaint_id)

    async def refused(request: CommandRequest, command: Command) -> BaseModel:
        return UNKNOWN

    here, there = Once(*stored, slow, keeps=True), Once(*stored, refused, keeps=True)
    order, note = request("x", SURVIVOR), Note(text="first")
    working = asyncio.create_task(here(order, note))
    await begun.wait()
    assert await there(order, note) == UNKNOWN
    assert used(await there(order, Note(text="other")))
    finish.set()
    assert await working == await there(order, note) == done(SURVIVOR)
    assert used(await there(order, Note(text="other")))


async def test_a_passing_refusal_frees_the_id_of_a_command_that_is_corrected(
    stored: tuple[Database, Digests],
) -> None:
    async def refused(request: CommandRequest, command: Command) -> BaseModel:
        return UNKNOWN

    await Once(*stored, refused, keeps=True)(request("x", SURVIVOR), Note(text="frist"))
    kept = await Once(*stored, carried_out, keeps=True)(request("x", SURVIVOR), Note(text="first"))
    assert kept == done(SURVIVOR)


@pytest.mark.parametrize("complaint", ["", "no such \x00 id", ALIAS.upper(), f"{ALIAS}\n", "C" * 4000])
@pytest.mark.parametrize("keeps", [True, False])
async def test_an_impossible_id_is_unknown_to_every_service(
    stored: tuple[Database, Digests], complaint: str, keeps: bool
) -> None:
    reply = await Once(*stored, carried_out, keeps=keeps)(request("x", complaint), Note(text="first"))
    assert isinstance(reply, Refused)
    assert (reply.error.code, reply.error.field) == ("unknown_complaint", "complaint_id")
