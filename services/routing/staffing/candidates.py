"""Candidate of a transfer or a hand-over, or the person who accepts, as of now: no case reads the roster."""

from dataclasses import replace
from typing import Any

from services.routing.choosing import Choosing
from services.routing.staffing.live import LivePeople
from shared.contract.commands import CommandRequest
from shared.contract.errors import Refusal
from shared.policy.house import house_of
from shared.policy.people import Person


class LiveCandidates:
    """Looks up the person that a command names in `to`, or its actor."""

    def __init__(self, live: LivePeople, choosing: Choosing) -> None:
        self._live = live
        self._choosing = choosing

    async def transfer(self, request: CommandRequest) -> dict[str, Any] | Refusal | None:
        """Person who is proposed; they have to be at work now."""
        person = await self._person(str(request.data.get("to")), early=False)
        return person.model_dump(mode="json") if person else None

    async def hand_over(self, request: CommandRequest) -> dict[str, Any] | Refusal | None:
        """Person who takes over; their shift may begin when that of the owner ends."""
        person = await self._person(str(request.data.get("to")), early=True)
        return person.model_dump(mode="json") if person else None

    async def accept(self, request: CommandRequest) -> dict[str, Any] | Refusal | None:
        """Person who accepts; the shift of one who takes over a hand-over may begin soon."""
        person = await self._person(request.actor.id, early=True)
        return person.model_dump(mode="json") if person else None

    async def _person(self, who: str, *, early: bool) -> Person | None:
        pack, moment = await self._live.pack(), await self._choosing.moment()
        house = house_of(pack)
        if who not in house.people:
            return None
        person = house.person(who, moment)
        if person.present or not early:
            return person
        soon = replace(moment, now=moment.now + pack.limits.handover.duration)
        return house.person(who, soon)
