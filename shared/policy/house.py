"""People of a pack, prepared once for many choices: who they are, what they speak, when they work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from weakref import ref

from shared.policy.models import Pack
from shared.policy.people import Person, people
from shared.policy.roster import Staff
from shared.policy.timetable import Exchange, Timetable

Stored = TypeVar("Stored")

MOST = 64


@dataclass(frozen=True)
class Signed:
    """Presence that a person signed for: it holds until the next change of their planned hours."""

    present: bool
    until: datetime | None


@dataclass(frozen=True)
class Moment:
    """Instant of a choice, the open complaints of each person then, who had signed on or off, and who had
    swapped shifts (`exchanges`).

    `turns` are the numbers of the last choice that named each person, `named` those whom a choice has named
    since.
    """

    now: datetime
    load: dict[str, int] = field(default_factory=dict)
    signed: dict[str, Signed] = field(default_factory=dict)
    turns: dict[str, int] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    exchanges: dict[str, Exchange] = field(default_factory=dict)

    def count(self, owner: str) -> None:
        """Count a choice, for those that follow."""
        self.load[owner] = self.load.get(owner, 0) + 1
        self.named.add(owner)
        self.turns[owner] = max(self.turns.values(), default=0) + 1


class House:
    """Staff of one pack by their ids."""

    def __init__(self, pack: Pack) -> None:
        self.people: dict[str, Person] = people(pack)
        self.staff: dict[str, Staff] = {one.id: one for one in pack.staff}
        self.agents = [one.id for one in pack.staff if one.role == "agent"]
        self.spoken = {language for one in pack.staff for language in one.languages}
        self.skills = {skill for one in pack.staff if one.role == "agent" for skill in one.skills}
        self._former = {was: one.id for one in pack.staff for was in one.formerly}
        self._levels = {role: number for number, role in enumerate(pack.rungs, 1)}
        self._times = {one.id: Timetable.of(pack, one) for one in pack.staff}

    def id_now(self, who: str) -> str:
        """Present id of a person who is known by a former one."""
        return who if who in self.staff else self._former.get(who, who)

    def level(self, who: str) -> int:
        """Number of this person's level: 0 for an agent, 1 for a lead, and so on."""
        return self._levels.get(self.staff[who].role, 0)

    def present(self, who: str, at: Moment) -> bool:
        """Whether the person is at work: as signed, or else as planned."""
        signed = self._signed(who, at)
        return signed.present if signed else self.times(who, at).planned(at.now)

    def next_change(self, who: str, at: Moment) -> datetime | None:
        """Instant at which the presence of this person changes next by itself, if it does."""
        signed = self._signed(who, at)
        if signed is None:
            return self.times(who, at).next_change(at.now)
        until, times = signed.until, self.times(who, at)
        if until is None or times.planned(until) != signed.present:
            return until
        return times.next_change(until)

    def border(self, who: str, at: Moment) -> datetime | None:
        """Next change of the planned hours: until then a signed presence holds."""
        return self.times(who, at).next_change(at.now)

    def times(self, who: str, at: Moment) -> Timetable:
        """Planned hours of this person, with their swaps."""
        return self._times[who].exchanged(self._stored(who, at.exchanges))

    def person(self, who: str, at: Moment) -> Person:
        """Person as of this moment."""
        known = self.people[who]
        present, room = self.present(who, at), at.load.get(who, 0) < self.staff[who].capacity
        return known if present and room else known.model_copy(update={"present": present, "room": room})

    def _stored(self, who: str, entries: Mapping[str, Stored]) -> Stored | None:
        """Entry of this person, under the present id or a former one."""
        ids = (who, *self.staff[who].formerly)
        return next((entries[one] for one in ids if one in entries), None)

    def _signed(self, who: str, at: Moment) -> Signed | None:
        signed = self._stored(who, at.signed)
        return signed if signed and (signed.until is None or at.now < signed.until) else None


_KNOWN: dict[int, tuple[ref[Pack], House]] = {}
"""Packs by their identity, each with the object itself, since an identity is used again."""


def house_of(pack: Pack) -> House:
    """People of this pack. A pack that was asked about before is known by itself: packs never change."""
    known = _KNOWN.get(id(pack))
    if known is None or known[0]() is not pack:
        if len(_KNOWN) >= MOST:
            _KNOWN.clear()
        known = _KNOWN[id(pack)] = ref(pack), House(pack)
    return known[1]
