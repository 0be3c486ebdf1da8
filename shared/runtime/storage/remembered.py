"""Replies that are remembered: repeating a `command_id` repeats the first reply, for ever."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from sqlalchemy import bindparam
from sqlmodel import Session, select

from shared.contract.commands import Accepted, CommandReply, Refused
from shared.contract.errors import ErrorCode
from shared.contract.outgoing import encode
from shared.runtime.storage.database import Database
from shared.runtime.storage.tables import CommandReplyRow

PASSING = (
    *(ErrorCode.UNAVAILABLE, ErrorCode.UNKNOWN_COMPLAINT, ErrorCode.MALFORMED),
    *(ErrorCode.WORDING, ErrorCode.NEEDS_SUBSTANCE),
)
"""Refusals that do not depend on the complaint: the same command may succeed later."""


class Remembered(BaseModel):
    """Reply, and the number of the last fact that must be published before it is true (0: none)."""

    reply: CommandReply
    true_after: int = 0


def recall(session: Session, complaint_id: str, command_id: str) -> CommandReply | None:
    """First reply to this command, if there was one."""
    found = recall_fully(session, complaint_id, command_id)
    return found.reply if found else None


def recall_fully(session: Session, complaint_id: str, command_id: str) -> Remembered | None:
    """First reply to this command with the fact that it waits for, if there was one."""
    asked = {"complaint": complaint_id, "command": command_id}
    reply = session.connection().execute(_REPLY, asked).scalar()
    return Remembered.model_validate_json(reply) if reply is not None else None


def remember_accepted(
    session: Session,
    database: Database,
    complaint_id: str,
    replies: Mapping[str, Accepted],
    true_after: int = 0,
) -> None:
    """Store accepted replies in the flush of a workflow: in one transaction with the facts that the commands
    caused.

    `true_after` is the number of the last of these facts. Rows come before publishing, so a sender that
    repeats the command in between must wait (`Commanding` does).

    An accepted reply replaces a refusal: of two attempts at the same time, the accepted attempt is what
    happened.
    """
    rows = [
        {
            "complaint_id": complaint_id,
            "command_id": command_id,
            "reply": encode(Remembered(reply=reply, true_after=true_after)),
        }
        for command_id, reply in replies.items()
    ]
    if rows:
        session.connection().execute(database.statement(_overruling), rows)


def _overruling(database: Database) -> Any:
    insert = database.insert(CommandReplyRow)
    key = ("complaint_id", "command_id")
    return insert.on_conflict_do_update(index_elements=key, set_={"reply": insert.excluded.reply})


def accepted(session: Session, complaint_id: str) -> dict[str, Accepted]:
    """Replies to all accepted commands of a complaint."""
    rows = session.exec(select(CommandReplyRow).where(CommandReplyRow.complaint_id == complaint_id))
    replies = {row.command_id: Remembered.model_validate_json(row.reply).reply for row in rows}
    return {command_id: reply for command_id, reply in replies.items() if isinstance(reply, Accepted)}


def remember_refused(
    session: Session, database: Database, complaint_id: str, command_id: str, reply: Refused
) -> CommandReply:
    """Store a refusal, unless it is a passing one or the command already has a reply; return the reply that
    holds.
    """
    if reply.error.code in PASSING:
        return recall(session, complaint_id, command_id) or reply
    return remember_first(session, database, complaint_id, command_id, reply)


def remember_first(
    session: Session, database: Database, complaint_id: str, command_id: str, reply: CommandReply
) -> CommandReply:
    """Store a reply that is true already, unless the command has one; return the reply that holds."""
    insert = database.insert(CommandReplyRow).values(
        complaint_id=complaint_id, command_id=command_id, reply=encode(Remembered(reply=reply))
    )
    session.connection().execute(insert.on_conflict_do_nothing())
    return recall(session, complaint_id, command_id) or reply


_REPLY = select(CommandReplyRow.reply).where(
    CommandReplyRow.complaint_id == bindparam("complaint"), CommandReplyRow.command_id == bindparam("command")
)
