"""Decisions of two people: a safety flag comes down, and a withdrawal for the complainant counts, only so.

Source: `sources.md` 81.
"""

from collections.abc import Iterator

from services.console.audit.auditor.stream import Fact, Memory


def second_person(own: Memory, fact: Fact) -> Iterator[str]:
    """Judge a fact that needs a second person."""
    asked = own.setdefault("asked", {})
    match fact.name:
        case "approval_requested":
            asked[fact.data["request_id"]] = {"by": fact.data["asked_by"], "what": fact.data["what"]}
        case "approval_given":
            request = asked.pop(fact.data["request_id"], None)
            if request is None or (fact.data["approved"] and request["by"] == fact.actor):
                yield "approved_by_the_asker"
            elif fact.data["approved"]:
                own["granted"] = {**request, "at": fact.at.isoformat()}
        case "triaged":
            if own.get("safety") and not fact.data["safety"] and not _granted(own, fact):
                yield "safety_lowered"
            own["safety"] = fact.data["safety"]
        case "withdrawn":
            alone = fact.data["by"] == "staff" and fact.data.get("asked_by") in (None, fact.actor)
            if alone:
                yield "approved_by_the_asker"
        case "reopened":
            asked.clear()


def _granted(own: Memory, fact: Fact) -> bool:
    granted = own.get("granted")
    if granted is None or granted["what"] != "safety_downgrade":
        return False
    return bool(granted["at"] == fact.at.isoformat() and granted["by"] != fact.actor)
