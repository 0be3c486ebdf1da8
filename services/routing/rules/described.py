"""Codes that were given in words: a fact has a placeholder and the reference, never the words. Pure."""

from services.routing.rules.state import CaseState
from shared.contract.ids import is_text_ref
from shared.contract.subjects import Service
from shared.contract.values import DESCRIBED


def is_described(state: CaseState, value: str) -> bool:
    """Whether it is the reference of a text of this complaint, in place of a code."""
    return is_text_ref(value, Service.ROUTING, state.complaint_id)


def described(state: CaseState, value: str) -> tuple[str, str | None]:
    """Code itself; or `described`, with the reference of the words."""
    return (DESCRIBED, value) if is_described(state, value) else (value, None)
