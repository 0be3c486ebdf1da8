"""Rows of the complaint view about the triage: category, motives, needs, triggers."""

from collections.abc import Iterable
from enum import StrEnum

from shared.contract.queries import ComplaintState
from shared.contract.values import Category, Sub
from shared.contract.values.labels import label

UNSURE = "unsure: look 不确定，请核对"


def category(state: ComplaintState) -> str:
    """Category or sub-code in both languages, marked where a person should look."""
    member = Sub(state.sub) if state.sub else Category(state.category)
    words = label(member)
    return f"{member} {words.zh}{f'  {UNSURE}' if state.unsure else ''}"


def triage_rows(state: ComplaintState) -> list[tuple[str, str]]:
    """Rows about the complainant, each only if there is something to show."""
    outside = state.outside
    codes = [one for one in (outside.product, outside.issue) if one] if outside else []
    motives = [f"{one.motive} {label(one.motive).zh} {one.confidence:.0%}" for one in state.motives]
    triggers = [f"{one.trigger} {one.promise or ''}".strip() for one in state.triggers]
    rows = {
        "authority 主管机构": " ".join([outside.scheme, *codes]) if outside else "",
        "motives 动机": ", ".join(motives),
        "needs 需求": ", ".join(_both(state.needs)),
        "triggers 诱因": ", ".join(triggers),
        "suggested 建议": f"harassment 骚扰 ({', '.join(state.harassment_suggested)})"
        if state.harassment_suggested
        else "",
    }
    return [(name, value) for name, value in rows.items() if value]


def _both(members: Iterable[StrEnum]) -> list[str]:
    return [f"{one} {label(one).zh}" for one in members]
