"""Commands for many complaints: one command for each, every outcome named, and a killed process is no end."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from services.routing.batches import Batches
from services.routing.tables import CaseRow
from shared.contract.commands import (
    Accepted,
    AcceptTransfer,
    ActorRef,
    Command,
    CommandReply,
    CommandRequest,
    HandOver,
    Refused,
)
from shared.contract.errors import ErrorCode, refuse
from shared.runtime.storage import migrations
from shared.runtime.storage.database import Database

MINE = [f"C{letter * 15}" for letter in "abc"]
GONE = f"C{'d' * 15}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    found = Database(database_url)
    migrations.upgrade("routing", found)
    with Session(found.engine) as session, session.begin():
        for complaint in [*MINE, GONE]:
            session.add(_row(complaint, "closed" if complaint == GONE else "analysing"))
    yield found
    found.close()


def _row(complaint: str, stage: str) -> CaseRow:
    return CaseRow(
        complaint_id=complaint, stage=stage, cycle=1, severity=3, category="product", owner="agent-1",
        team="t", received_at=datetime.now(UTC), next_due=None, next_obligation=None, outcome=None,
        recorded_seq=1, state={},
    )  # fmt: skip


class Single:
    """Answers single commands; `refused` are refused, and at `dies` it dies once."""

    def __init__(self, refused: str = "", dies: str = "") -> None:
        self.done: list[tuple[str, str, str | None]] = []
        self._refused = refused
        self._dies = dies

    async def __call__(self, request: CommandRequest, command: Command) -> CommandReply:
        if request.complaint_id == self._dies:
            self._dies = ""
            raise ConnectionError("killed")
        if request.complaint_id == self._refused:
            return Refused(error=refuse(ErrorCode.NOT_OWNER, owner="agent-2", field="actor.id"))
        self.done.append((request.complaint_id, request.command_id, request.via))
        return Accepted(
            complaint_id=request.complaint_id, stage="analysing", events=["handed_over"], allowed=[]
        )


def _asked(command_id: str = "c-1") -> CommandRequest:
    request = CommandRequest(command_id=command_id, complaint_id=MINE[0], actor=ActorRef(id="agent-1"))
    return request.sent_by("desk")


async def test_all_open_complaints_of_the_actor_are_handed_over_and_a_refusal_is_named(
    database: Database,
) -> None:
    single = Single(refused=MINE[1])
    reply = await Batches(database, single)(_asked(), HandOver(to="agent-2", all=True))
    assert isinstance(reply, Accepted)
    assert (reply.result["accepted"], reply.result["refused"]) == (2, 1)
    assert [one["ok"] for one in reply.result["complaints"].values()] == [True, False, True]
    assert reply.result["complaints"][MINE[1]]["error"]["code"] == "not_owner"
    assert {via for _, _, via in single.done} == {"desk"}
    assert {one for one, _, _ in single.done} == {MINE[0], MINE[2]}


async def test_a_repeat_is_about_the_same_complaints_with_the_same_ids(database: Database) -> None:
    single = Single()
    for _ in range(2):
        await Batches(database, single)(_asked(), HandOver(to="agent-2", all=True))
        with Session(database.engine) as session, session.begin():
            session.add(_row(f"C{len(single.done)}".ljust(16, "x"), "analysing"))
    assert len(single.done) == 6
    assert len(set(single.done)) == 3


async def test_named_complaints_are_taken_once_each(database: Database) -> None:
    single = Single()
    command = AcceptTransfer(complaint_ids=[MINE[2], MINE[0], MINE[2]])
    await Batches(database, single)(_asked(), command)
    assert sorted(one for one, _, _ in single.done) == [MINE[0], MINE[2]]


async def test_where_each_is_refused_the_whole_is_refused(database: Database) -> None:
    reply = await Batches(database, Single(refused=MINE[0]))(
        _asked(), HandOver(to="agent-2", complaint_ids=[MINE[0]])
    )
    assert isinstance(reply, Refused)


async def test_another_process_finishes_what_a_killed_one_has_begun(database: Database) -> None:
    killed, other = Single(dies=MINE[2]), Single()
    with pytest.raises(ConnectionError):
        await Batches(database, killed)(_asked(), HandOver(to="agent-2", all=True))
    later = datetime.now(UTC) + timedelta(seconds=1)
    assert await Batches(database, other).once(later) == 1
    assert {one for one, _, _ in other.done} == {*MINE}
    assert {name for _, name, _ in other.done} == {name for _, name, _ in killed.done}
    assert await Batches(database, other).once(later) == 0


async def test_two_requests_at_once_share_the_work(database: Database) -> None:
    single = Single()
    batches = Batches(database, single)
    await asyncio.gather(*(batches(_asked(), HandOver(to="agent-2", all=True)) for _ in range(2)))
    assert len({name for _, name, _ in single.done}) == 1


def test_one_complaint_is_no_batch(database: Database) -> None:
    batches = Batches(database, Single())
    assert not batches.many(HandOver(to="agent-2"))
    assert not batches.many(AcceptTransfer())
