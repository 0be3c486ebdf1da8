"""Swaps of shifts by command: `propose_swap`, `accept_swap`, `refuse_swap`.

A swap is one row, written with the reply in one transaction, one process at a time. A repeated command gets
the first reply; a refusal is not stored.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, col, select, update

from services.routing import refusals
from services.routing.staffing import swapping
from services.routing.staffing.live import LivePeople
from services.routing.staffing.swapping import Swap, SwapCommand
from services.routing.staffing.swaps_kept import recent, swap_of
from services.routing.tables import SwapCommandRow, SwapRow
from shared.contract.commands import (
    AcceptedForPerson,
    AcceptSwap,
    Command,
    PersonReply,
    PersonRequest,
    ProposeSwap,
    Refused,
    RefuseSwap,
)
from shared.contract.contents import content_of_command
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.outgoing import encode
from shared.contract.refusals import PERSON_COMMAND_ID_USED
from shared.policy.house import House, house_of
from shared.policy.roster import HANDLING_NONE
from shared.runtime.storage.database import Database
from shared.runtime.texts.digests import Digests

ALLOWED = {
    "proposed": [AcceptSwap.VERB, RefuseSwap.VERB],
    "accepted": [RefuseSwap.VERB],
    "refused": [ProposeSwap.VERB],
}
"""Verbs that are possible after each status."""


class SwapWork:
    """Carries out the verbs of swaps. `ring` is called when a swap changes who is on shift."""

    def __init__(
        self,
        database: Database,
        digests: Digests,
        live: LivePeople,
        now: Callable[[], datetime],
        ring: Callable[[], None],
    ) -> None:
        self._database = database
        self._digests = digests
        self._live = live
        self._now = now
        self._ring = ring

    async def __call__(self, request: PersonRequest, command: Command) -> PersonReply:
        """Propose, accept or refuse a swap."""
        assert isinstance(command, SwapCommand)
        house, now = house_of(await self._live.pack()), self._now()
        who = house.staff.get(request.actor.id)
        if who is None:
            return Refused(error=refuse(ErrorCode.UNKNOWN_ACTOR, field="actor.id"))
        if who.role in HANDLING_NONE:
            refusal = refuse(refusals.HANDLERS_SIGN, field="actor.id", staff=who.id, role=who.role)
            return Refused(error=refusal)
        digest = self._digests.of(content_of_command(command, request.actor.id))
        reply = await self._database.write(
            lambda session: self._once(session, house, request, command, digest, now)
        )
        self._ring()
        return reply

    def _once(
        self,
        session: Session,
        house: House,
        request: PersonRequest,
        command: SwapCommand,
        digest: bytes,
        now: datetime,
    ) -> PersonReply:
        """Carry the command out, or return its first reply."""
        self._alone(session, request.command_id)
        known = session.get(SwapCommandRow, request.command_id)
        if known:
            return _first_reply(known, digest)
        found = _decided(session, house, request, command, now)
        if isinstance(found, Refusal):
            return Refused(error=found)
        result = {"swap_id": found.swap_id, "status": found.status}
        reply = AcceptedForPerson(events=[], allowed=ALLOWED[found.status], result=result)
        _keep(session, found, request, now)
        session.add(SwapCommandRow(command_id=request.command_id, digest=digest, reply=encode(reply)))
        return reply

    def _alone(self, session: Session, command_id: str) -> None:
        """Wait for other processes that change swaps."""
        if self._database.is_sqlite:  # an update takes the lock of the one writer, also if it finds no row
            nothing = update(SwapRow).where(col(SwapRow.swap_id) == "").values(told=True)
            session.connection().execute(nothing)
        else:
            session.connection().execute(text("LOCK TABLE shift_swap IN SHARE ROW EXCLUSIVE MODE"))


def _first_reply(known: SwapCommandRow, digest: bytes) -> PersonReply:
    if known.digest != digest:
        return Refused(error=refuse(PERSON_COMMAND_ID_USED))
    return AcceptedForPerson.model_validate_json(known.reply)


def _decided(
    session: Session, house: House, request: PersonRequest, command: SwapCommand, now: datetime
) -> Swap | Refusal:
    """Swap as it is after the command."""
    others, by = [swapping.known_now(house, one) for one in recent(session, now)], request.actor.id
    if isinstance(command, ProposeSwap):
        return swapping.propose(house, request.command_id, by, command, others, now)
    row = session.get(SwapRow, command.swap_id)
    if row is None:
        return refuse(refusals.NO_SUCH_SWAP)
    swap = swapping.known_now(house, swap_of(row))
    if isinstance(command, AcceptSwap):
        return swapping.accept(house, by, swap, others, now)
    return swapping.refuse_swap(house, by, swap, now)


def _keep(session: Session, swap: Swap, request: PersonRequest, now: datetime) -> None:
    """Write the row of a swap. Only one that holds, or no longer holds, changes who is on shift."""
    row = session.exec(select(SwapRow).where(SwapRow.swap_id == swap.swap_id)).first()
    if row is None:
        (by_since, by_until), (to_since, to_until) = swap.mine, swap.theirs
        session.add(
            SwapRow(
                swap_id=swap.swap_id,
                by=swap.by,
                by_since=by_since,
                by_until=by_until,
                to=swap.to,
                to_since=to_since,
                to_until=to_until,
                status=swap.status,
                proposed_at=now,
            )
        )
        return
    row.told = row.told and row.status == "proposed" and swap.status == "refused"
    row.status, row.answered_by, row.answered_at = swap.status, request.actor.id, now
    (row.by_since, row.by_until), (row.to_since, row.to_until) = swap.mine, swap.theirs
    session.add(row)
