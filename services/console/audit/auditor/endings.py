"""Ends of complaints: only when all that was agreed is done or released, or the organisation decided; then no
more.

Source: `sources.md` 53, 62, 80.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.console.audit.auditor.stream import Fact, Memory

ENDS = ("resolved", "withdrawn", "referred", "case_ended")
OVERLAP = timedelta(minutes=1)
"""Longest time until a service knows that another has closed a complaint."""

WORK = (
    *("responded", "clarified", "interest_recorded", "options_prepared", "offer_made", "offer_answered"),
    *("agreed", "action_completed", "final_decision", "transferred", "escalated", "paused", "task_opened"),
)
"""Facts that belong to handling: none of them between an end and a reopening."""


def endings(own: Memory, fact: Fact) -> Iterator[str]:
    """Judge a fact by what is still to be done."""
    if own.get("over") and fact.name in WORK:
        yield "after_the_end"
    open_items = own.setdefault("items", ["response"])
    match fact.name:
        case "reopened":
            own.update(over=False, agreed=False, decided=False)
            open_items[:] = [*(one for one in open_items if one != "response"), "response"]
        case "responded":
            _done(own, "response")
        case "agreed" | "carried_over":
            own["agreed"] = own.get("agreed", False) or bool(fact.data.get("actions"))
            open_items += [one["action_id"] for one in fact.data.get("actions", ())]
            open_items += [one["task_id"] for one in fact.data.get("tasks", ())]
        case "task_opened":
            open_items.append(fact.data["task_id"])
        case "task_done" if not fact.data.get("sign_by"):
            _done(own, fact.data["task_id"])
        case "task_signed" if fact.data["accepted"]:
            _done(own, fact.data["task_id"])
        case "action_completed":
            if fact.data["action_id"] not in open_items or not fact.data["evidence_ref"]:
                yield "resolved_undone"
            _done(own, fact.data["action_id"])
        case "released":
            for item in fact.data["items"]:
                _done(own, item)
        case "final_decision":
            own["decided"] = True
        case _ if fact.name in ENDS:
            yield from _ended(own, fact)


def _ended(own: Memory, fact: Fact) -> Iterator[str]:
    if fact.name == "resolved":
        decided = fact.data["outcome"] == "decided"
        if not own.get("decided" if decided else "agreed"):
            yield "resolved_undone"
    if own["items"] and fact.name != "case_ended":
        undone = any(one.startswith("action") for one in own["items"]) and fact.name == "resolved"
        yield "resolved_undone" if undone else "left_open"
    own["over"] = True


def after_closed(closed_at: str | None, fact: Fact) -> Iterator[str]:
    """Judge a fact of a closed complaint: routing publishes none, followup only what quality asks for."""
    if closed_at is None or fact.at <= datetime.fromisoformat(closed_at) + OVERLAP:
        return
    if fact.service == "routing" or fact.name in AFTER_FOLLOWUP:
        yield "after_closed"


AFTER_FOLLOWUP = (
    *(
        "callback_scheduled",
        "callback_due",
        "callback_reported",
        "satisfaction_recorded",
        "reopened",
        "closed",
    ),
)


def _done(own: Memory, item: str) -> None:
    own["items"] = [one for one in own["items"] if one != item]
