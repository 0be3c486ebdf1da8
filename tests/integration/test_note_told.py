"""A danger in a note reaches the case, also if Temporal did not answer at first."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from services.routing.commands import NoteWork
from services.routing.flushing import Flush, SignalledFact
from services.routing.store import Store
from services.routing.view import view
from shared.contract.commands import Accepted, CommandRequest, Note
from shared.contract.ids import complaint_id
from shared.contract.subjects import Service
from shared.policy.models import Pack
from shared.runtime.messages.aliases import Aliases
from shared.runtime.messages.once import Once
from shared.runtime.storage import migrations
from shared.runtime.storage.database import Database
from shared.runtime.texts.digests import digests_of
from shared.runtime.texts.keeping import Texts
from shared.runtime.texts.master_key import MasterKey
from shared.triage.finding import finder_of
from tests.unit.cases import MONDAY, Playing, policy, received

MASTER = MasterKey(b"k" * 32)


class Temporal:
    """The one call of Temporal's client that a note needs: it fails the first time, as in an outage."""

    def __init__(self) -> None:
        self.tried = 0
        self.heard: list[SignalledFact] = []

    def get_workflow_handle(self, workflow_id: str) -> "Temporal":
        return self

    async def signal(self, name: str, heard: SignalledFact) -> None:
        self.tried += 1
        if self.tried == 1:
            raise RPCError("no connection", RPCStatusCode.UNAVAILABLE, b"")
        self.heard.append(heard)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    held = Database(f"sqlite:///{tmp_path / 'routing.db'}")
    migrations.upgrade("routing", held)
    yield held
    held.close()


async def opened(store: Store) -> str:
    """Store the rows of a fresh case; return its id."""
    playing = Playing(received(MONDAY), policy(), {}, MONDAY)
    state = view(playing.case.state)
    state.complaint_id = complaint_id("note", "1")
    facts = playing.recorded
    flush = Flush(state=state, seq=len(facts), facts=facts, replies={})
    await store.database.write(lambda session: store.save(session, flush))
    return state.complaint_id


async def nobody(complaint: str, actor: str) -> None:
    """No actor is concerned."""


async def test_a_danger_in_a_note_is_told_although_temporal_did_not_answer_at_first(
    database: Database,
) -> None:
    store, temporal = Store(database), Temporal()
    complaint = await opened(store)
    pack: Pack = policy().pack
    work = NoteWork(
        store,
        cast(Aliases, None),
        Texts(Service.ROUTING, database, MASTER),
        {person.id: person for person in pack.staff},
        cast(Client, temporal),
        finder_of(pack),
        cast(Any, nobody),
    )
    once = Once(database, digests_of(database, MASTER), work, keeps=True)
    note = Note(text="冰箱起火了，我被烫伤住院了")
    request = CommandRequest.model_validate(
        {"command_id": "n-1", "complaint_id": complaint, "actor": {"id": "agent-1"}}
    )
    with pytest.raises(RPCError):
        await once(request, note)
    again = await once(request, note)
    assert isinstance(again, Accepted)
    assert [one.data["safety"] for one in temporal.heard] == [True]
    assert await once(request, note) == again
    assert len(temporal.heard) == 1
