"""Commands to routing: all verbs but a note go to the complaint's workflow as an Update."""

from datetime import UTC, datetime
from typing import cast

from sqlmodel import Session
from temporalio.client import Client

from services.routing.flushing import NOTED, SignalledFact
from services.routing.names import FACT
from services.routing.notes import keep_note
from services.routing.rules.triage_input import input_of_texts
from services.routing.store import Store
from services.routing.tables import CaseRow
from shared.contract.commands import Accepted, Command, CommandReply, CommandRequest, Note, Refused
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.ids import complaint_workflow_id, text_key
from shared.contract.values import CUSTOMER, Actor, Outcome, Stage
from shared.policy.roster import Staff
from shared.runtime.after_closing import closed
from shared.runtime.messages.aliases import Aliases, MergedInto, passed_on
from shared.runtime.storage.remembered import recall, remember_accepted
from shared.runtime.texts.keeping import Texts
from shared.runtime.texts.query import Conflict
from shared.runtime.texts.text_fields import reported_in
from shared.triage.finding import SignalFinder, found_in


class WorkflowFinder:
    """Finder of the workflow that takes a complaint's commands."""

    def __init__(self, store: Store, aliases: Aliases) -> None:
        self._store = store
        self._aliases = aliases

    async def __call__(self, complaint_id: str) -> str | Refusal | MergedInto:
        """Id of the workflow, the reason for none, or the complaint that this complaint was merged into."""
        found = await self._store.stage_of(complaint_id)
        stage, outcome = found or (None, None)
        if found is None or outcome == Outcome.MERGED:
            moved = await self._aliases.moved(complaint_id)
            return moved or await self._aliases.no_case(complaint_id)
        if stage == Stage.CLOSED:
            return closed(complaint_id, outcome=outcome)
        return complaint_workflow_id(complaint_id)


class NoteWork:
    """Work of `note`: a stored text without a fact. The workflow receives only the signals in it."""

    def __init__(
        self,
        store: Store,
        aliases: Aliases,
        texts: Texts,
        roster: dict[str, Staff],
        client: Client,
        finder: SignalFinder,
        conflict: Conflict,
    ) -> None:
        self._client = client
        self._finder = finder
        self._conflict = conflict
        self._store = store
        self._aliases = aliases
        self._texts = texts
        self._roster = roster

    async def __call__(self, request: CommandRequest, command: Command) -> CommandReply:
        """Put the note away; a repeat gets the first reply."""
        note = cast(Note, command)
        row = await self._store.case(request.complaint_id)
        if row is None or row.outcome == Outcome.MERGED:
            return await self._elsewhere(request, command)
        staff = self._roster.get(request.actor.id)
        if staff is None and request.actor.id != CUSTOMER:
            return Refused(error=refuse(ErrorCode.UNKNOWN_ACTOR, field="actor.id"))
        if conflict := await self._conflict(request.complaint_id, request.actor.id):
            return Refused(error=conflict)
        actor = Actor(id=request.actor.id, role=staff.role if staff else CUSTOMER)
        if row.stage == Stage.CLOSED:
            return Refused(error=self._closed(request, note, row))
        allowed, stage = row.state["allowed"], row.stage

        def work(session: Session) -> CommandReply:
            known = recall(session, request.complaint_id, request.command_id)
            if known:
                return known
            key = text_key(request.command_id, "text", own=request.actor.id == CUSTOMER)
            refs = self._texts.put(session, request.complaint_id, {key: note.text})
            keep_note(session, request, actor, refs[key], datetime.now(UTC))
            reply = Accepted(
                complaint_id=request.complaint_id,
                stage=stage,
                events=[],
                allowed=allowed,
                result={"text_ref": refs[key]},
            )
            replies = {request.command_id: reply}
            remember_accepted(session, self._store.database, request.complaint_id, replies)
            return reply

        await self._weigh(request, note)
        return await self._store.database.write(work)

    def _closed(self, request: CommandRequest, note: Note, row: CaseRow) -> Refusal:
        found = found_in(self._finder, reported_in(note, by_customer=request.actor.id == CUSTOMER))
        return closed(request.complaint_id, outcome=row.outcome, danger=bool(found and found.safety))

    async def _weigh(self, request: CommandRequest, note: Note) -> None:
        """Signal the workflow what was found in the note, before the reply is stored: a repeat gets a stored
        reply at once, so a danger in it would be reported nowhere. The workflow takes a repeated signal once.
        """
        by_customer = request.actor.id == CUSTOMER
        signals = found_in(self._finder, reported_in(note, by_customer=by_customer))
        if signals is None or not input_of_texts(signals).weighs:
            return
        heard = SignalledFact(
            event_id=f"{NOTED}:{request.command_id}",
            name=NOTED,
            at=datetime.now(UTC),
            data=signals.model_dump(mode="json"),
        )
        workflow = self._client.get_workflow_handle(complaint_workflow_id(request.complaint_id))
        await workflow.signal(FACT, heard)

    async def _elsewhere(self, request: CommandRequest, command: Command) -> CommandReply:
        """Pass the note to the survivor of the complaint; a repeat of a note that was stored before goes
        nowhere.
        """
        database = self._store.database
        known = await database.read(lambda session: recall(session, request.complaint_id, request.command_id))
        moved = None if known else await self._aliases.moved(request.complaint_id)
        if moved:
            return await self(passed_on(request, moved), command)
        return known or Refused(error=await self._aliases.no_case(request.complaint_id))
