"""Texts that a department may read: those of its open tasks, by a complaint's facts (`sources.md` 63)."""

from collections.abc import Iterable
from typing import Any

from shared.contract.events import (
    TYPE_PREFIX,
    CarriedOver,
    CaseEnded,
    Closed,
    Released,
    TaskDone,
    TaskMoved,
    TaskOpened,
    TaskSigned,
)

NAMES = tuple(
    one.NAME
    for one in (TaskOpened, TaskMoved, TaskDone, TaskSigned, CarriedOver, Released, CaseEnded, Closed)
)
"""Facts that open, move or end a task."""


def readable(facts: Iterable[dict[str, Any]], units: Iterable[str]) -> frozenset[str]:
    """References of the texts that members of these units may read now; `facts` are in their order."""
    mine, tasks = set(units), dict[str, tuple[str, list[str]]]()
    for fact in facts:
        name, data = fact["type"].removeprefix(TYPE_PREFIX).removesuffix(".v1"), fact["data"]
        if name == TaskOpened.NAME:
            tasks[data["task_id"]] = (data["unit"], data.get("reads", []))
        elif name == CarriedOver.NAME:
            tasks |= {one["task_id"]: (one["unit"], one.get("reads", [])) for one in data.get("tasks", [])}
        elif name == TaskMoved.NAME:
            tasks[data["task_id"]] = (data["unit"], tasks.get(data["task_id"], ("", []))[1])
        for gone in _ended(name, data, tasks):
            tasks.pop(gone, None)
    return frozenset(ref for unit, reads in tasks.values() if unit in mine for ref in reads)


def _ended(name: str, data: dict[str, Any], tasks: Iterable[str]) -> list[str]:
    """Tasks that this fact ends."""
    if name in (CaseEnded.NAME, Closed.NAME):
        return list(tasks)
    if name == Released.NAME:
        return list(data["items"])
    over = name == TaskDone.NAME and not data.get("sign_by")
    return [data["task_id"]] if over or (name == TaskSigned.NAME and data["accepted"]) else []
