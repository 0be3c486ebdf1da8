"""People of the policy that was put in force last, by any replica of routing."""

import time
from collections.abc import Awaitable, Callable

from services.routing.assignment import look_up
from services.routing.policies import Policies
from services.routing.rules.renewing import People, Question
from shared.policy.loader import Policy
from shared.policy.models import Pack
from shared.policy.people import roster_id

FRESH_SECONDS = 2.0
"""Longest age in seconds of the answer which policy is in force."""


Load = Callable[[], Awaitable[dict[str, int]]]


class LivePeople:
    """Looks people up. A replica that still runs under an earlier policy looks them up in the present
    policy.
    """

    def __init__(self, policies: Policies, policy: Policy, load: Load) -> None:
        """Make it. `load` counts the open complaints of each member of staff."""
        self._count = load
        self._load: dict[str, int] = {}
        self._counted_at = float("-inf")
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
        """People who should handle a complaint, and the present roles of those who do."""
        if time.monotonic() - self._counted_at > FRESH_SECONDS:
            self._counted_at, self._load = time.monotonic(), await self._count()
        pack = await self.pack()
        found = look_up(pack, asked, self._load)
        if asked.owner not in found.roles:  # it gets another: the next of many must not get the same
            self._load[found.owner] = self._load.get(found.owner, 0) + 1
        return found
