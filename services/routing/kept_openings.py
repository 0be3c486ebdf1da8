"""Opening of each case, stored beside its row: with the stored facts it is the whole case.

The pinned rules are the same for very many cases, and are stored once.
"""

import hashlib
from typing import Any

import orjson
from sqlmodel import Session

from services.routing.rules.state import Opening
from services.routing.tables import OpeningRow, PinnedRow
from shared.policy.pinned import PINNED as RULES
from shared.runtime.storage.database import Database

PINNED = "pinned"


def keep_opening(session: Session, database: Database, opening: Opening) -> None:
    """Store the opening; an existing opening stays."""
    rules = RULES.text(opening.pinned).encode()
    name = hashlib.sha256(rules).hexdigest()
    body = opening.model_dump_json(exclude={PINNED}).encode()
    row = {"complaint_id": opening.complaint_id, PINNED: name, "body": body}
    session.connection().execute(database.statement(_rules), {"hash": name, "body": rules})
    session.connection().execute(database.statement(_opening), row)


def _rules(database: Database) -> Any:
    return database.insert(PinnedRow).on_conflict_do_nothing()


def _opening(database: Database) -> Any:
    return database.insert(OpeningRow).on_conflict_do_nothing()


def kept_opening(session: Session, complaint_id: str) -> Opening | None:
    """Opening of a case; None if it is not stored."""
    row = session.get(OpeningRow, complaint_id)
    rules = session.get(PinnedRow, row.pinned) if row else None
    if row is None or rules is None:
        return None
    pinned = RULES.parsed(rules.body.decode())
    return Opening.model_validate({**orjson.loads(row.body), PINNED: pinned})
