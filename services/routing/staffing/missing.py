"""Who has a role in a complaint and is on the roster no more, or never was: `nobody`. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

from shared.contract.values import NOBODY

State = Mapping[str, Any]
"""A `ComplaintState` as a row keeps it."""


def holders(state: State) -> set[str]:
    """Everybody who has a role in it: owner, those above, whom an approval or a transfer waits for."""
    waiting = {one["to"] for one in state["approvals"] if one["status"] == "open"}
    proposed = {state["proposed_owner"]} if state.get("proposed_owner") else set()
    return {state["owner"], *state.get("chain", {}).values(), *waiting, *proposed}


def unattended(state: State) -> bool:
    """Whether somebody is missing whom no roster could give."""
    tasks = [one["unit"] for one in state["tasks"] if not one["done"]]
    return NOBODY in holders(state) or NOBODY in tasks


def missing(state: State, roster: Collection[str]) -> list[str]:
    """Those of them whom the roster does not have."""
    return sorted(one for one in holders(state) if one not in roster)
