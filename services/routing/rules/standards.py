"""Standards: every offer, refusal and decision cites at least one that the policy has (`sources.md` 73)."""

from services.routing.rules.state import CaseState
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import StandardRef


def cited(state: CaseState, ids: list[str]) -> list[StandardRef] | Refusal:
    """The standards with the version in force, or what is wrong with the citation."""
    known = state.pinned.standards
    unknown = [one for one in ids if one not in known]
    if unknown or not ids:
        detail = f"{unknown[0]!r} is not one" if unknown else "none is cited"
        detail_zh = f"{unknown[0]!r} 不在其中" if unknown else "未引用任何标准"
        names = ", ".join(sorted(known))
        return refuse(
            ErrorCode.NEEDS_STANDARD,
            detail=f"{detail}; the policy has {names}",
            detail_zh=f"{detail_zh}；策略中有 {names}",
            field="data.standards",
        )
    return [StandardRef(id=one, version=known[one]) for one in ids]
