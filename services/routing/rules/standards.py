"""Standards: every offer, refusal and decision cites at least one that the policy has (`sources.md` 73)."""

from services.routing import refusals
from services.routing.rules.state import CaseState
from shared.contract.errors import Refusal, refuse
from shared.contract.events import StandardRef


def cited(state: CaseState, ids: list[str]) -> list[StandardRef] | Refusal:
    """Cited standards with their version in force, or the problem with the citation."""
    known = state.pinned.standards
    unknown = [one for one in ids if one not in known]
    if unknown or not ids:
        names = ", ".join(sorted(known))
        if unknown:
            return refuse(refusals.UNKNOWN_STANDARD, standard=unknown[0], names=names)
        return refuse(refusals.NO_STANDARD, names=names)
    return [StandardRef(id=one, version=known[one]) for one in ids]
