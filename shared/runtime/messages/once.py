"""Exactly one command per command id, around the work of every verb of every service.

Nothing vanishes: a command with another verb, actor or data under a used id is refused, however close
together the two come and whichever processes take them. Nothing is done twice: the same command gets its
first reply, before the stage of the complaint is checked.

Refusals are remembered, too, except those that do not depend on the complaint (`PASSING`). After
`unavailable` the id stays with its command, which may have been carried out. After the others it is free,
unless the same command is at work elsewhere.

A command to an alias is carried out for the survivor under an id that names the alias (`passed_on`). Both
ids are one claim, so a client that sends that id directly meets it.
"""

import re
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session, col

from shared.contract import refusals
from shared.contract.commands import Accepted, Command, CommandReply, CommandRequest, Refused
from shared.contract.contents import content_of_command
from shared.contract.errors import ErrorCode, refuse, repeated
from shared.contract.ids import COMPLAINT_ID_PATTERN
from shared.runtime.messages.requests import CommandWork
from shared.runtime.storage.database import Database
from shared.runtime.storage.remembered import PASSING, recall, remember_first, remember_refused
from shared.runtime.storage.tables import CommandDigestRow
from shared.runtime.texts.digests import Digests


class Once:
    """Answers commands by `work`, each id once.

    `keeps`: the reply of `work` is true and published when it returns, so it is remembered here, and a repeat
    gets it at once. Otherwise `work` remembers what it accepted, and a repeat is given to `again`.
    """

    def __init__(
        self,
        database: Database,
        digests: Digests,
        work: CommandWork,
        *,
        keeps: bool,
        again: CommandWork | None = None,
    ) -> None:
        self._database = database
        self._digests = digests
        self._work = work
        self._again = again or work
        self._keeps = keeps

    async def __call__(self, request: CommandRequest, command: Command) -> BaseModel:
        if not re.fullmatch(COMPLAINT_ID_PATTERN, request.complaint_id):
            # No complaint has such an id, and PostgreSQL cannot store each: there is nothing to remember.
            return Refused(error=refuse(ErrorCode.UNKNOWN_COMPLAINT, field="complaint_id"))
        digest = self._digests.of(content_of_command(command, request.actor.id))
        mine, known = await self._database.write(lambda session: self._claimed(session, request, digest))
        if not mine:
            return Refused(error=refuse(refusals.COMMAND_ID_USED))
        if isinstance(known, Refused):
            return Refused(error=repeated(known.error))
        if known is not None and self._keeps:
            return known
        reply = await (self._work if known is None else self._again)(request, command)
        assert isinstance(reply, Accepted | Refused)
        if self._passing(reply) or self._keeps:
            return await self._database.write(lambda session: self._settled(session, request, reply))
        return reply

    def _claimed(
        self, session: Session, request: CommandRequest, digest: bytes
    ) -> tuple[bool, CommandReply | None]:
        """Whether the id is this command's, which it is if it was free; and the first reply, if any."""
        complaint, command_id = claimed_as(request)
        row = {"complaint_id": complaint, "command_id": command_id, "digest": digest, "working": 1}
        if session.connection().execute(self._database.statement(_claim), row).first() is None:
            return False, None
        return True, recall(session, request.complaint_id, request.command_id)

    def _passing(self, reply: CommandReply) -> bool:
        """Whether the id is free again, for a command that was corrected."""
        if not isinstance(reply, Refused) or reply.error.code == ErrorCode.UNAVAILABLE:
            return False
        return reply.error.code in PASSING

    def _settled(self, session: Session, request: CommandRequest, reply: CommandReply) -> CommandReply:
        name = (request.complaint_id, request.command_id)
        row = session.get(CommandDigestRow, claimed_as(request), with_for_update=True)
        if row is not None:
            row.working -= 1
        if self._passing(reply) and recall(session, *name) is None:
            if row is not None and row.working <= 0:
                session.delete(row)
            return reply
        if isinstance(reply, Refused):
            return remember_refused(session, self._database, *name, reply)
        return remember_first(session, self._database, *name, reply)


def _claim(database: Database) -> Any:
    """Insert a claim, or count one more try of the same content. Returns no row where it is another's."""
    insert = database.insert(CommandDigestRow)
    working, digest = col(CommandDigestRow.working), col(CommandDigestRow.digest)
    counted = insert.on_conflict_do_update(
        index_elements=["complaint_id", "command_id"],
        set_={"working": working + 1},
        where=digest == insert.excluded.digest,
    )
    return counted.returning(working)


def claimed_as(request: CommandRequest) -> tuple[str, str]:
    """Complaint and id with which a command was first sent, before it was passed on to survivors."""
    complaint, name = request.complaint_id, request.command_id
    while True:
        first, parted, alias = name.rpartition("~")
        if not (first and parted and re.fullmatch(COMPLAINT_ID_PATTERN, alias)):
            return complaint, name
        complaint, name = alias, first
