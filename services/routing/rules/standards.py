"""Standards: every offer, refusal and decision cites at least one that is in force (`sources.md` 73)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from services.routing import refusals
from services.routing.rules.state import CaseState
from shared.contract.errors import Refusal, refuse
from shared.contract.events import CitedPrecedent, StandardRef
from shared.contract.queries import LEAST_CASES
from shared.policy.pinned import PinnedStandard


def cited(
    state: CaseState, ids: list[str], now: datetime, precedent: CitedPrecedent | None = None
) -> list[StandardRef] | Refusal:
    """Cited standards with their version in force now, or the problem with the citation.

    A day is a day of the pack's calendar. `precedent` are the figures for a standard of this kind.
    """
    pinned = state.pinned
    today = now.astimezone(ZoneInfo(pinned.calendar.zone)).date()
    in_force = {one.id: one for one in pinned.standards if one.holds_on(today)}
    names = ", ".join(sorted(in_force))
    if not ids:
        return refuse(refusals.NO_STANDARD, names=names)
    for one in ids:
        if one in in_force:
            if in_force[one].kind == "precedent" and precedent is None:
                return refuse(refusals.TOO_FEW_PRECEDENTS, standard=one, least=LEAST_CASES, names=names)
            continue
        known = [entry for entry in pinned.standards if entry.id == one]
        if not known:
            return refuse(refusals.UNKNOWN_STANDARD, standard=one, names=names)
        ended = [entry.valid_until for entry in known if entry.valid_until and entry.valid_until < today]
        if ended:
            return refuse(refusals.LAPSED_STANDARD, standard=one, until=max(ended), names=names)
        since = min(entry.valid_from for entry in known if entry.valid_from)
        return refuse(refusals.COMING_STANDARD, standard=one, since=since, names=names)
    return [_ref(in_force[one], precedent) for one in dict.fromkeys(ids)]


def _ref(one: PinnedStandard, precedent: CitedPrecedent | None) -> StandardRef:
    figures = precedent if one.kind == "precedent" else None
    return StandardRef(id=one.id, version=one.version, precedent=figures)
