"""Keyed digests of contents: they show whether two messages are equal, and not their content.

The digest is HMAC-SHA-256 under a key of the house: 32 random bytes that this service makes once, for all
its complaints, and that the master key wraps like the key of a complaint. Without the master key a guess
cannot be tested against a digest. A digest outlasts the erasure of its complaint, because a message that
is delivered once more after the erasure must be known as a repeat: otherwise its text would be stored
again.
"""

import hmac

from sqlmodel import Session, select

from shared.runtime.storage.database import Database
from shared.runtime.texts.master_key import MasterKey
from shared.runtime.texts.tables import TextKeyRow

HOUSE = "house:digests"
"""Name of the key beside those of the complaints. No complaint has such an id."""


class Digests:
    """Digests of one service."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, content: bytes) -> bytes:
        """32 bytes that are the same for the same content."""
        return hmac.digest(self._key, content, "sha256")


def digests_of(database: Database, master: MasterKey) -> Digests:
    """Load the key of the house, or make it. Blocks; of two processes at once, one makes it.

    Raises `UnreadableText` if no master key of ours wrapped it.
    """
    wanted = select(TextKeyRow).where(TextKeyRow.complaint_id == HOUSE)
    with Session(database.engine) as session, session.begin():
        found = session.exec(wanted).first()
        if found is None:
            fresh, _ = master.new_data_key(HOUSE)
            insert = database.insert(TextKeyRow).values(**fresh).on_conflict_do_nothing()
            session.connection().execute(insert)
            found = session.exec(wanted).one()
        return Digests(master.data_key(found))
