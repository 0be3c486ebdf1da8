"""Rules of swaps of shifts (`sources.md` 93): consent of both, before the shifts begin. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.routing import refusals
from shared.clocks.working_time import Interval
from shared.contract.commands import AcceptSwap, ProposeSwap, RefuseSwap
from shared.contract.errors import Refusal, refuse
from shared.policy.house import House, Moment
from shared.policy.problems import nearest
from shared.policy.roster import supervises
from shared.policy.timetable import Exchange

Status = Literal["proposed", "accepted", "refused"]
SwapCommand = ProposeSwap | AcceptSwap | RefuseSwap


@dataclass(frozen=True)
class Swap:
    """Swap of the shift `mine` of `by` for the shift `theirs` of `to`."""

    swap_id: str
    by: str
    to: str
    mine: Interval
    theirs: Interval
    status: Status = "proposed"


def known_now(house: House, swap: Swap) -> Swap:
    """Swap with the present ids of the two people."""
    return replace(swap, by=house.id_now(swap.by), to=house.id_now(swap.to))


def exchanges(swaps: Iterable[Swap]) -> dict[str, Exchange]:
    """Shifts given and taken, by person, of the swaps that both agreed to."""
    found = dict[str, Exchange]()
    for swap in swaps:
        if swap.status == "accepted":
            for who, given, taken in ((swap.by, swap.mine, swap.theirs), (swap.to, swap.theirs, swap.mine)):
                had = found.get(who, Exchange())
                found[who] = Exchange((*had.given, given), (*had.taken, taken))
    return found


def propose(
    house: House, swap_id: str, by: str, command: ProposeSwap, others: Sequence[Swap], now: datetime
) -> Swap | Refusal:
    """Propose a swap: two people, each on shift then by the roster, and able to work the other's shift."""
    if command.to not in house.staff:
        known = nearest(command.to, house.staff)
        return refuse(refusals.UNKNOWN_PERSON, field="data.to", name=command.to, known=known)
    if command.to == by:
        return refuse(refusals.SWAP_ALONE)
    plain = Moment(now)
    mine = house.times(by, plain).shift(command.mine)
    theirs = house.times(command.to, plain).shift(command.theirs)
    if mine is None:
        return refuse(refusals.NO_SUCH_SHIFT, field="data.mine", staff=by, at=command.mine)
    if theirs is None:
        return refuse(refusals.NO_SUCH_SHIFT, field="data.theirs", staff=command.to, at=command.theirs)
    swap = Swap(swap_id, by, command.to, mine, theirs)
    return _hindered(house, swap, others, now) or swap


def accept(house: House, by: str, swap: Swap, others: Sequence[Swap], now: datetime) -> Swap | Refusal:
    """Accept a proposal, as the person to whom it was made; the roster may have changed since."""
    if by != swap.to:
        return refuse(refusals.SWAP_OF_OTHERS, to=swap.to)
    if swap.status != "proposed":
        return refuse(refusals.SWAP_ANSWERED, status=swap.status)
    if swap.by not in house.staff:
        known = nearest(swap.by, house.staff)
        return refuse(refusals.UNKNOWN_PERSON, field="data.swap_id", name=swap.by, known=known)
    asked = ProposeSwap(to=swap.to, mine=swap.mine[0], theirs=swap.theirs[0])
    again = propose(house, swap.swap_id, swap.by, asked, others, now)
    return again if isinstance(again, Refusal) else replace(again, status="accepted")


def refuse_swap(house: House, by: str, swap: Swap, now: datetime) -> Swap | Refusal:
    """Refuse a swap before its first shift begins; after its acceptance only a lead or manager does."""
    above = supervises(house.staff[by].role)
    if not above and (by not in (swap.by, swap.to) or swap.status == "accepted"):
        return refuse(refusals.LEADS_REFUSE)
    if swap.status == "refused":
        return refuse(refusals.SWAP_ANSWERED, status=swap.status)
    if _begun(swap, now):
        return refuse(refusals.SHIFT_BEGUN, field="data.swap_id", at=min(swap.mine[0], swap.theirs[0]))
    return replace(swap, status="refused")


def _hindered(house: House, swap: Swap, others: Sequence[Swap], now: datetime) -> Refusal | None:
    """Reason why the two cannot swap these shifts."""
    for field, begin in (("data.mine", swap.mine[0]), ("data.theirs", swap.theirs[0])):
        if begin <= now:
            return refuse(refusals.SHIFT_BEGUN, field=field, at=begin)
    kept = [one for one in others if one.swap_id != swap.swap_id and one.status != "refused"]
    if any(_shares(one, swap) for one in kept):
        return refuse(refusals.SWAPPED_ALREADY)
    for who, given, taken, field in (
        (swap.by, swap.mine, swap.theirs, "data.theirs"),
        (swap.to, swap.theirs, swap.mine, "data.mine"),
    ):
        if _away(house, who, given, now) or _away(house, who, taken, now):
            return refuse(refusals.AWAY_THEN, field=field, staff=who)
        if _works(house, who, given, taken, now):
            return refuse(refusals.WORKS_THEN, field=field, staff=who)
    return None


def _begun(swap: Swap, now: datetime) -> bool:
    return min(swap.mine[0], swap.theirs[0]) <= now


def _shares(one: Swap, other: Swap) -> bool:
    """Whether two swaps concern the same person at the same time."""
    return any(
        who in (other.by, other.to) and any(_overlap(span, new) for new in (other.mine, other.theirs))
        for who in (one.by, one.to)
        for span in (one.mine, one.theirs)
    )


def _overlap(one: Interval, other: Interval) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _away(house: House, who: str, span: Interval, now: datetime) -> bool:
    """Whether an absence of this person reaches into the time."""
    times = house.times(who, Moment(now))
    return times.away(span[0]) or any(span[0] < at < span[1] for at in times.absences)


def _works(house: House, who: str, given: Interval, taken: Interval, now: datetime) -> bool:
    """Whether the person is on another shift of their own in the time that they would take."""
    times = house.times(who, Moment(now, exchanges={who: Exchange(given=(given,))}))
    change = times.next_change(taken[0])
    return times.planned(taken[0]) or (change is not None and change < taken[1])
