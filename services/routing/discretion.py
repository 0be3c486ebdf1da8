"""Room that is kept in reserve (留白), left out for those who may not see it (`sources.md` 70). Pure.

The complainant learns of an offer when it is made, never before it is decided. A query without an actor comes
from a system of the organisation and shows everything.
"""

from collections.abc import Collection, Mapping
from typing import Any

from shared.contract.queries import ComplaintState
from shared.contract.values import CUSTOMER

DEPARTMENT = "department"

UNDECIDED = ("options_prepared", "approval_requested", "approval_passed", "approval_given", "gone_back")
"""Facts from which a later offer could be read."""

FOR_THE_OWNER = {
    "complaints.event.offer_answered.v1": ("next_option_id",),
    "complaints.event.mediation_finished.v1": ("option_id",),
    "complaints.event.agreed.v1": ("better_for_both",),
}
"""Fields of facts that name alternatives which were not offered."""

State = Mapping[str, Any]


def may_see_reserve(state: State, actor: str) -> bool:
    """Whether this actor is the owner, their assistant, the commander, or one of the people above."""
    return actor in {state["owner"], state.get("assistant"), state.get("commander"), *state["chain"].values()}


def discreet(state: ComplaintState, actor: str) -> ComplaintState:
    """State as this actor may see it: without options that were not offered, offers that wait, and our
    course without an agreement."""
    if may_see_reserve(state.model_dump(include={"owner", "assistant", "commander", "chain"}), actor):
        return state
    talks = state.negotiation
    offered = {one["option_id"] for one in talks["offers"] if one["cycle"] == state.cycle}
    options = [_plain(one) for one in talks["options"] if one["option_id"] in offered]
    interests = [one for one in talks["interests"] if actor != CUSTOMER or one["party"] == CUSTOMER]
    approvals = [one for one in state.approvals if _shown(one, actor)]
    theirs = {party: one for party, one in talks.get("fallbacks", {}).items() if party == CUSTOMER}
    shown = {**talks, "options": options, "interests": interests, "fallbacks": theirs}
    return state.model_copy(update={"negotiation": shown, "approvals": approvals})


def _plain(option: State) -> dict[str, Any]:
    """Option without what it is worth to the organisation."""
    return {name: value for name, value in option.items() if name != "value_to_company"}


def _shown(approval: State, actor: str) -> bool:
    """Whether this actor sees the request: no offer that is undecided, but to the people who decide on it."""
    if actor == CUSTOMER:
        return False
    return approval["what"] != "offer" or actor in (approval["to"], approval["asked_by"])


def without_reserve(
    events: list[dict[str, Any]], actor: str, departments: Collection[str]
) -> list[dict[str, Any]]:
    """Facts of a timeline as the complainant and the departments may see them."""
    if actor != CUSTOMER and actor not in departments:
        return events
    hidden = {f"complaints.event.{name}.v1" for name in UNDECIDED}
    shown = [one for one in events if one["type"] not in hidden and not _our_course(one)]
    return [_unproposed(one) for one in shown]


def _our_course(event: dict[str, Any]) -> bool:
    """Whether it is what the organisation does without an agreement."""
    recorded = event["type"] == "complaints.event.fallback_recorded.v1"
    return recorded and bool(event["data"]["party"] != CUSTOMER)


def _unproposed(event: dict[str, Any]) -> dict[str, Any]:
    """Fact without the alternatives that it names for the owner."""
    data = {
        name: value
        for name, value in event["data"].items()
        if name not in FOR_THE_OWNER.get(event["type"], ())
    }
    return {**event, "data": data}
