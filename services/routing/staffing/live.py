"""People of the policy that was put in force last, by any replica of routing."""

import time

from services.routing.assignment import look_up, looked_up
from services.routing.choosing import Choosing
from services.routing.policies import Policies
from services.routing.rules.fitness import speaks
from services.routing.rules.renewing import People, Question
from shared.policy.deputies import Deputies, timed
from shared.policy.house import house_of
from shared.policy.loader import Policy
from shared.policy.models import Pack
from shared.policy.people import Person, roster_id
from shared.policy.roster import supervises

FRESH_SECONDS = 2.0
"""Longest age in seconds of the answer which policy is in force."""


class LivePeople:
    """Looks people up. A replica that still runs under an earlier policy looks them up in the present
    policy.
    """

    def __init__(self, policies: Policies, policy: Policy, choosing: Choosing) -> None:
        self._choosing = choosing
        self._policies = policies
        self._pack = policy.pack
        self._hash = policy.identity.hash
        self._looked_at = float("-inf")

    async def pack(self) -> Pack:
        """Pack with the people in force."""
        if time.monotonic() - self._looked_at > FRESH_SECONDS:
            newest = await self._policies.in_force()
            found = await self._policies.find(newest) if newest and newest != self._hash else None
            if newest and found:
                self._hash, self._pack = newest, found[2].pack
            self._looked_at = time.monotonic()
        return self._pack

    async def roster(self) -> str:
        """Identity of the roster in force."""
        return roster_id(await self.pack())

    async def look_up(self, asked: Question) -> People:
        """People who should handle a complaint, and the present roles of those who do.

        Where it needs another owner, the choice counts for all that choose at the same time.
        """
        pack = await self.pack()
        exchanges = await self._choosing.exchanges() if timed(pack) else {}
        if asked.since or needs_another(pack, asked):
            return looked_up(pack, asked, await self._choosing.for_one(pack, asked), exchanges)
        return look_up(pack, asked, {}, exchanges=exchanges)


def needs_another(pack: Pack, asked: Question) -> bool:
    """Whether the present owner may have to be replaced: gone, in another role, concerned, not able."""
    owner = house_of(pack).people.get(asked.owner)
    if owner is None or asked.was is None:
        return True
    if Deputies(pack, asked.at).away(owner.id):
        return True
    moved = (owner.role, owner.team) != (asked.was.role, asked.was.team)
    return moved or asked.concerned.holds(owner.id, owner.units) or _outgrown(owner, asked)


def _outgrown(owner: Person, asked: Question) -> bool:
    """Whether an agent may not own what it has become, or speaks its language no longer."""
    spoke = asked.was is not None and speaks(asked.was, asked.language)
    junior = owner.up_to < asked.severity and not supervises(owner.role)
    return junior or (spoke and not speaks(owner, asked.language))
