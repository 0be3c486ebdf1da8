"""Standards: every offer, refusal and decision cites at least one that the policy has (`concepts.md` 73)."""

from services.routing.rules.state import CaseState
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import StandardRef


def cited(state: CaseState, ids: list[str]) -> list[StandardRef] | Refusal:
    """The standards with the version in force, or what is wrong with the citation."""
    known = state.pinned.standards
    unknown = [one for one in ids if one not in known]
    if unknown or not ids:
        detail = f"{unknown[0]!r} is not one" if unknown else "none is cited"
        detail = f"{detail}; the policy has {', '.join(sorted(known))}"
        return refuse(ErrorCode.NEEDS_STANDARD, detail=detail, field="data.standards")
    return [StandardRef(id=one, version=known[one]) for one in ids]
