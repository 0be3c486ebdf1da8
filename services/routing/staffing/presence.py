"""Presence by command: `sign_on`, `sign_off`, and the query for both.

A signing is one row, written with its reply in one transaction, so it survives any death of a process. A
repeated command gets the first reply. It overrides the planned hours until their next change.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from services.routing import refusals
from services.routing.choosing import Choosing
from services.routing.staffing.live import LivePeople
from services.routing.staffing.swaps_kept import newest
from services.routing.tables import PresenceRow
from shared.contract.commands import (
    AcceptedForPerson,
    Command,
    PersonReply,
    PersonRequest,
    Refused,
    SignOff,
    SignOn,
)
from shared.contract.contents import content_of_command
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.outgoing import encode
from shared.contract.queries.presence import Presence, PresenceQuery, PresentPerson, Signing
from shared.contract.refusals import PERSON_COMMAND_ID_USED
from shared.policy.house import House, Moment, house_of
from shared.policy.models import Pack
from shared.policy.people import units
from shared.policy.problems import nearest
from shared.policy.roster import HANDLING_NONE, supervises
from shared.runtime.storage.database import Database
from shared.runtime.texts.digests import Digests


class PresenceWork:
    """Carries out signings. `ring` is called when a person may be free for a complaint in the queue."""

    def __init__(
        self,
        database: Database,
        digests: Digests,
        live: LivePeople,
        choosing: Choosing,
        now: Callable[[], datetime],
        ring: Callable[[], None],
    ) -> None:
        self._database = database
        self._digests = digests
        self._live = live
        self._choosing = choosing
        self._now = now
        self._ring = ring

    async def __call__(self, request: PersonRequest, command: Command) -> PersonReply:
        """Sign a person on or off. A repeat gets the first reply; another command under its id is refused."""
        assert isinstance(command, SignOn | SignOff)
        digest = self._digests.of(content_of_command(command, request.actor.id))
        if known := await self._database.read(lambda session: _known(session, request, digest)):
            return known
        house, moment = house_of(await self._live.pack()), await self._choosing.moment()
        if refusal := _may(house, request.actor.id, command.staff):
            return Refused(error=refusal)
        row = _row(house, request, command, digest, replace(moment, now=self._now()))
        reply = await self._database.write(lambda session: self._keep(session, request, row))
        self._ring()
        return reply

    async def presence(self, query: PresenceQuery) -> Presence | Refusal:
        """Answer the query `presence`."""
        pack, moment = await self._live.pack(), await self._choosing.moment()
        house, signings = house_of(pack), await self._signings(query, pack)
        if query.staff and query.staff not in house.staff and not signings:
            known = nearest(query.staff, house.staff)
            return refuse(refusals.UNKNOWN_PERSON, field="staff", name=query.staff, known=known)
        if query.team and query.team not in units(pack):
            return refuse(refusals.UNKNOWN_TEAM, known=nearest(query.team, units(pack)))
        people = [
            PresentPerson(
                staff=who,
                team=house.staff[who].team,
                present=house.present(who, moment),
                changes_at=house.next_change(who, moment),
                open=moment.load.get(who, 0),
                capacity=house.staff[who].capacity,
            )
            for who in ([query.staff] if query.staff in house.staff else house.agents)
            if query.team in (None, house.staff[who].team) and query.staff in (None, who)
        ]
        shown = {one.staff for one in people}
        swaps = await self._database.read(lambda session: newest(session, shown, query.limit))
        return Presence(people=people, signings=signings, swaps=swaps)

    async def _signings(self, query: PresenceQuery, pack: Pack) -> list[Signing]:
        rows = select(PresenceRow).order_by(col(PresenceRow.id).desc()).limit(query.limit)
        if query.staff:
            rows = rows.where(PresenceRow.staff == query.staff)
        if query.team:
            members = [one.id for one in pack.staff if one.team == query.team]
            rows = rows.where(col(PresenceRow.staff).in_(members))
        found = await self._database.read(lambda session: list(session.exec(rows).all()))
        return [Signing.model_validate(row, from_attributes=True) for row in found]

    def _keep(self, session: Session, request: PersonRequest, row: dict[str, object]) -> PersonReply:
        """Insert the row; of two attempts at the same time, the first holds."""
        insert = self._database.insert(PresenceRow).values(**row)
        session.connection().execute(insert.on_conflict_do_nothing(index_elements=["command_id"]))
        known = _known(session, request, row["digest"])
        assert known is not None, "the row was inserted, or was there"
        return known


def _may(house: House, actor: str, staff: str | None) -> Refusal | None:
    """Refuse people who are not on the roster or handle nothing, and signing for another by an agent, or for
    a person of a higher level.
    """
    if actor not in house.staff:
        return refuse(ErrorCode.UNKNOWN_ACTOR, field="actor.id")
    if staff is not None and staff not in house.staff:
        known = nearest(staff, house.staff)
        return refuse(refusals.UNKNOWN_PERSON, field="data.staff", name=staff, known=known)
    for field, who in (("actor.id", actor), ("data.staff", staff or actor)):
        if (role := house.staff[who].role) in HANDLING_NONE:
            return refuse(refusals.HANDLERS_SIGN, field=field, staff=who, role=role)
    if staff not in (None, actor) and not supervises(house.staff[actor].role):
        return refuse(refusals.LEADS_SIGN)
    if staff and house.level(staff) > house.level(actor):
        return refuse(refusals.ABOVE_SIGN, staff=staff)
    return None


def _row(
    house: House, request: PersonRequest, command: SignOn | SignOff, digest: bytes, moment: Moment
) -> dict[str, object]:
    """Row of a signing, with its reply."""
    staff, present = command.staff or request.actor.id, isinstance(command, SignOn)
    until = house.border(staff, moment)
    result = {"staff": staff, "present": present, "until": until.isoformat() if until else None}
    allowed = [SignOff.VERB if present else SignOn.VERB]
    return {
        "command_id": request.command_id,
        "staff": staff,
        "present": present,
        "at": moment.now,
        "until": until,
        "by": request.actor.id,
        "via": request.via,
        "digest": digest,
        "reply": encode(AcceptedForPerson(events=[], allowed=allowed, result=result)),
    }


def _known(session: Session, request: PersonRequest, digest: object) -> PersonReply | None:
    """Reply to this command, if its id is in use."""
    row = session.exec(select(PresenceRow).where(PresenceRow.command_id == request.command_id)).first()
    if row is None:
        return None
    if row.digest != digest:
        return Refused(error=refuse(PERSON_COMMAND_ID_USED))
    return AcceptedForPerson.model_validate_json(row.reply)
