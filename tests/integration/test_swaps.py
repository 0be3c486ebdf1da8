"""Swaps of shifts are stored once, whichever process carries them out, on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from services.routing.staffing.swapping import exchanges
from services.routing.staffing.swaps import SwapWork
from services.routing.staffing.swaps_kept import UntoldSwaps, recent
from shared.contract.commands import AcceptSwap, Command, PersonReply, PersonRequest, ProposeSwap, RefuseSwap
from shared.policy.models import Pack
from shared.policy.timetable import Exchange
from shared.runtime.storage import migrations
from shared.runtime.storage.database import Database
from shared.runtime.texts.digests import Digests
from tests.unit.test_swaps import NOW, at, pack


@pytest.fixture
def databases(database_url: str) -> Iterator[tuple[Database, Database]]:
    """The same database as two processes have it."""
    both = Database(database_url), Database(database_url)
    migrations.upgrade("routing", both[0])
    yield both
    for one in both:
        one.close()


class Live:
    """Roster in force."""

    def __init__(self) -> None:
        self._pack = pack()

    async def pack(self) -> Pack:
        return self._pack


class Process:
    """Process of routing, with what it is asked."""

    def __init__(self, database: Database) -> None:
        self.database, live = database, Live()
        self._work = SwapWork(database, Digests(b"k" * 32), live, lambda: NOW, lambda: None)  # type: ignore[arg-type]

    async def __call__(self, command_id: str, who: str, command: Command) -> PersonReply:
        body: dict[str, Any] = {"command_id": command_id, "actor": {"id": who}}
        return await self._work(PersonRequest.model_validate(body), command)


async def held(database: Database) -> dict[str, Exchange]:
    """Shifts given and taken, as the choice of an owner reads them."""
    return await database.read(lambda session: exchanges(recent(session, NOW)))


OFFER = ProposeSwap(to="b", mine=at(23, 8), theirs=at(24, 13))


async def test_a_swap_is_repeated_never_done_twice_and_survives_the_process(
    databases: tuple[Database, Database],
) -> None:
    one, other = (Process(database) for database in databases)
    first, again = await asyncio.gather(one("p", "a", OFFER), other("p", "a", OFFER))
    assert first == again
    assert first.ok
    assert first.result == {"swap_id": "p", "status": "proposed"}
    assert not (await one("p", "b", OFFER)).ok, "the id belongs to the command of another actor"
    assert not (await other("q", "a", OFFER)).ok, "swapped already"

    yes = AcceptSwap(swap_id="p")
    accepted = await asyncio.gather(one("y", "b", yes), other("z", "b", yes))
    assert sorted(reply.ok for reply in accepted) == [False, True]
    assert [swap.swap_id for swap in await UntoldSwaps(databases[1])()] == ["p"]

    early, late = (at(23, 8), at(23, 12)), (at(24, 13), at(24, 18))
    assert await held(databases[1]) == {
        "a": Exchange(given=(early,), taken=(late,)),
        "b": Exchange(given=(late,), taken=(early,)),
    }

    refused = await other("r", "l", RefuseSwap(swap_id="p"))
    assert refused.ok
    assert await one("r", "l", RefuseSwap(swap_id="p")) == refused
    assert await held(databases[0]) == {}


async def test_complaints_are_signalled_again_only_for_the_swap_as_it_was_seen(
    databases: tuple[Database, Database],
) -> None:
    process, untold = Process(databases[0]), UntoldSwaps(databases[1])
    await process("p", "a", OFFER)
    assert await untold() == []
    await process("y", "b", AcceptSwap(swap_id="p"))
    (seen,) = await untold()
    await process("r", "l", RefuseSwap(swap_id="p"))
    await untold.told(seen)
    (left,) = await untold()
    assert left.status == "refused"
    await untold.told(left)
    assert await untold() == []
