"""People with a role in a complaint who are no longer on the roster, or never were: `nobody`. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

from shared.contract.values import NOBODY

State = Mapping[str, Any]
"""State of a complaint (`ComplaintState`) as a row stores it."""


def holders(state: State) -> set[str]:
    """All people with a role in it: the owner, those above, those for whom an approval or a transfer
    waits.
    """
    waiting = {one["to"] for one in state["approvals"] if one["status"] == "open"}
    proposed = {state["proposed_owner"]} if state.get("proposed_owner") else set()
    return {state["owner"], *state.get("chain", {}).values(), *waiting, *proposed}


def unattended(state: State) -> bool:
    """Whether a role has no person, since no roster had one for it."""
    tasks = [one["unit"] for one in state["tasks"] if not one["done"]]
    return NOBODY in holders(state) or NOBODY in tasks


def missing(state: State, roster: Collection[str]) -> list[str]:
    """People in the state whom the roster does not have."""
    return sorted(one for one in holders(state) if one not in roster)
