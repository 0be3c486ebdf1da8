"""Items that are open in a complaint, by the facts of all services: a merge must not drop them. Pure."""

from collections.abc import Iterable
from typing import Any

from shared.contract.events import TYPE_PREFIX

OPENS = {"task_opened": "task_id", "offer_made": "offer_id", "approval_requested": "request_id"}
ENDS = {
    "action_completed": "action_id",
    "task_done": "task_id",
    "offer_answered": "offer_id",
    "offer_withdrawn": "offer_id",
    "offer_expired": "offer_id",
    "approval_given": "request_id",
}
OVER = ("resolved", "withdrawn", "referred")
MOOT = ("extension", "wait", "receipt")
"""Requests about nothing but deadlines lapse with the complaint."""


def open_in(facts: Iterable[dict[str, Any]]) -> list[str]:
    """Ids of agreed actions, tasks, offers and requests that are open."""
    found: dict[str, None] = {}
    for fact in facts:
        name, data = fact["type"].removeprefix(TYPE_PREFIX).removesuffix(".v1"), fact["data"]
        for one in _opened(name, data):
            found[one] = None
        for one in _ended(name, data, found):
            found.pop(one, None)
    return list(found)


def requests_in(items: Iterable[str]) -> list[str]:
    """Items that are questions to a second person: they cannot be moved."""
    return [item for item in items if item.startswith("approval-")]


def _opened(name: str, data: dict[str, Any]) -> list[str]:
    if name == "agreed":
        return [action["action_id"] for action in data["actions"]]
    if name == "carried_over":
        return list(data["was"])
    return [data[OPENS[name]]] if name in OPENS and data.get("what") not in MOOT else []


def _ended(name: str, data: dict[str, Any], found: Iterable[str]) -> list[str]:
    if name == "released":
        return list(data["items"])
    if name in OVER:
        return requests_in(found)
    if name == "task_signed" and data["accepted"]:
        return [data["task_id"]]
    return [data[ENDS[name]]] if name in ENDS and not data.get("sign_by") else []
