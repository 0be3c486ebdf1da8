"""Core position: every text that the complainant reads follows its present version (`sources.md` 66, 68)."""

from services.routing import refusals
from services.routing.rules.state import CaseState
from shared.contract.errors import Refusal, refuse


def stale(state: CaseState, version: int | None, field: str = "position") -> Refusal | None:
    """Refuse what was written under another version than the present one; a command may name none.

    Two people who revise the position at once both name the version that they replace, so exactly one of
    the two revisions passes.
    """
    if version is None or version == state.position:
        return None
    return refuse(refusals.STALE, field=f"data.{field}", version=version, present=state.position)
