"""People who act for those who are away, and the new ids of those who were renamed. Pure."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from shared.contract.values import Concerned
from shared.policy.chains import Chain, as_chain, may_hold
from shared.policy.models import Pack
from shared.policy.people import concerned_people, people
from shared.policy.roster import Staff, supervises
from shared.policy.timetable import Exchange, Timetable

Able = Callable[[Staff], bool]


class Deputies:
    """Staff of a pack at one instant: who is away, and who acts for them."""

    def __init__(self, pack: Pack, now: datetime) -> None:
        self._pack, self._now = pack, now
        self._staff = {one.id: one for one in pack.staff}
        self._away = {one.id for one in pack.staff if one.absences and Timetable.of(pack, one).away(now)}

    def away(self, who: str) -> bool:
        """Whether the person is on the roster, and absent."""
        return who in self._away

    def acting(self, who: str, able: Able) -> str | None:
        """Person who acts for `who`: the nearest deputy who is here and able, or a deputy of deputies."""
        if not self.away(who):
            return who
        return next((one.id for one in self._after(who) if one.id not in self._away and able(one)), None)

    def chain(self, chain: Chain, concerned: Concerned) -> Chain:
        """Chain with deputies in the places of absent supervisors; a deputy is a supervisor, too.

        Without a deputy who is there another supervisor is; without one the absent person stays.
        """
        about, found = concerned_people(people(self._pack), concerned), dict[str, str]()
        for level, who in chain.held.items():
            others = [one for other, one in chain.held.items() if other != level]
            found[level] = self._rung(level, who, about, [*found.values(), *others])
        return as_chain(found)

    def instead(self, who: str, concerned: Concerned) -> str | None:
        """Person who decides where `who` does not, though here: the nearest deputy of at least the same role
        who is here and not concerned, or another person of that role.
        """
        if who not in self._staff:
            return None
        about, role = concerned_people(people(self._pack), concerned), self._staff[who].role
        levels = self._pack.rungs
        roles = levels[levels.index(role) :] if role in levels else []
        others = [*self._after(who), *(one for one in self._pack.staff if one.role == role and one.id != who)]
        able = (one.id for one in others if one.role in roles and one.id not in about)
        return next((one for one in able if not self.away(one)), None)

    def _rung(self, level: str, who: str, about: set[str], taken: list[str]) -> str:
        def able(one: Staff) -> bool:
            fits = may_hold(one.role, level, taken=one.id in taken)
            return supervises(one.role) and one.id not in about and fits

        if not self.away(who):
            return who
        others = [one.id for one in self._pack.staff if able(one) and not self.away(one.id)]
        others.sort(key=lambda one: (one in taken, self._staff[one].role != self._staff[who].role))
        deputy = self.acting(who, lambda one: supervises(one.role) and one.id not in about)
        return deputy or next(iter(others), who)

    def _after(self, who: str) -> Iterator[Staff]:
        """Deputies, then their deputies, each once."""
        seen, line = {who}, list(self._staff[who].deputies)
        while line:
            one = line.pop(0)
            if one in self._staff and one not in seen:
                seen.add(one)
                yield self._staff[one]
                line += self._staff[one].deputies


def renamed(pack: Pack, known: Iterable[str]) -> dict[str, str]:
    """Present ids of those among `known` who are on the roster under another."""
    present = {one.id for one in pack.staff}
    former = {was: one.id for one in pack.staff for was in one.formerly}
    return {one: former[one] for one in known if one in former and one not in present}


def end_of_shift(pack: Pack, who: str, now: datetime, exchange: Exchange | None = None) -> datetime | None:
    """End of the present shift of this person, or of the next; None for one who is always at work."""
    staff = next((one for one in pack.staff if one.id == who), None)
    if staff is None:
        return None
    times = Timetable.of(pack, staff).exchanged(exchange)
    begins = now if times.planned(now) else times.next_change(now)
    return times.next_change(begins) if begins else None


def next_absence(pack: Pack, known: Iterable[str], now: datetime) -> datetime | None:
    """Next beginning or end of an absence of these people or of their deputies."""
    staff = {one.id: one for one in pack.staff}
    line, seen, borders = list(known), set[str](), list[datetime]()
    while line:
        one = staff.get(line.pop())
        if one and one.id not in seen:
            seen.add(one.id)
            line += one.deputies
            if one.absences:
                borders += [at for at in Timetable.of(pack, one).absences if at > now]
    return min(borders, default=None)


def here(pack: Pack, now: datetime) -> set[str]:
    """People of the roster who are not absent."""
    deputies = Deputies(pack, now)
    return {one.id for one in pack.staff if not deputies.away(one.id)}


def timed(pack: Pack) -> bool:
    """Whether the roster has hours or absences."""
    return any(one.shifts or one.hours or one.absences for one in pack.staff)
