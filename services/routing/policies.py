"""Policies that routing has run under, each stored by its hash: complaints outlive the pack in force."""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlmodel import Session, col, select

from services.routing.tables import PolicyRow
from shared.contract.values import PolicyId
from shared.policy.kept import PolicyContent
from shared.policy.loader import Policy
from shared.runtime.storage.database import Database


class Policies:
    """Rows of `policy`. One that was read once stays in memory: they are few, and never change."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read: dict[str, tuple[PolicyId, str, PolicyContent]] = {}

    async def keep(self, policy: Policy) -> None:
        """Keep what this service runs under, and that it is in force, before any complaint is opened."""
        row = {"id": policy.identity.id, "hash": policy.identity.hash, "content": policy.content.encode()}
        since = {"in_force_at": datetime.now(UTC)}
        insert = self._database.insert(PolicyRow).values(**row, **since)
        kept = insert.on_conflict_do_update(index_elements=["hash"], set_=since)
        await self._database.write(lambda session: session.connection().execute(kept))

    async def in_force(self) -> str | None:
        """Hash of the policy under which a process of routing started last."""
        newest = select(PolicyRow.hash).where(col(PolicyRow.in_force_at).is_not(None))
        newest = newest.order_by(col(PolicyRow.in_force_at).desc()).limit(1)
        return await self._database.read(lambda session: session.exec(newest).first())

    async def known_names(self) -> tuple[set[str], set[str]]:
        """Staff and teams of every policy that routing has run under."""
        hashes = await self._database.read(lambda session: session.exec(select(PolicyRow.hash)).all())
        packs = [found[2].pack for one in hashes if (found := await self.find(one))]
        staff = {person.id for pack in packs for person in pack.staff}
        return staff, {team.id for pack in packs for team in pack.teams}

    async def find(self, identity_hash: str) -> tuple[PolicyId, str, PolicyContent] | None:
        """Id of the policy, the text that was hashed, and its content; None if routing never ran under it."""
        if identity_hash not in self._read:
            row = await self._database.read(lambda session: _row(session, identity_hash))
            if row is None:
                return None
            identity, text = PolicyId(id=row.id, hash=row.hash), row.content.decode()
            self._read[identity_hash] = identity, text, PolicyContent.model_validate_json(text)
        return self._read[identity_hash]

    async def missing(self, hashes: Iterable[str]) -> list[str]:
        """Hashes without a row. Reads the tables, not the cache."""
        wanted = sorted(hashes)
        statement = select(PolicyRow.hash).where(col(PolicyRow.hash).in_(wanted))
        there = await self._database.read(lambda session: session.exec(statement).all())
        return [one for one in wanted if one not in there]


def _row(session: Session, identity_hash: str) -> PolicyRow | None:
    return session.get(PolicyRow, identity_hash)
