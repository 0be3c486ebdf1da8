"""Decisions of two people: a safety flag or a severity comes down, harassment is marked, and a withdrawal for
the complainant counts, only so.

Source: `sources.md` 26, 81.
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
            yield from _triaged(own, fact)
        case "withdrawn":
            alone = fact.data["by"] == "staff" and fact.data.get("asked_by") in (None, fact.actor)
            if alone:
                yield "approved_by_the_asker"
        case "reopened":
            asked.clear()


def _triaged(own: Memory, fact: Fact) -> Iterator[str]:
    """Judge a triage by the one before."""
    severity, marked = fact.data["severity"], _marked(fact)
    if own.get("safety") and not fact.data["safety"] and not _granted(own, fact, "safety_downgrade"):
        yield "safety_lowered"
    lower = severity < own.get("severity", 0)
    if lower and not _granted(own, fact, "safety_downgrade", "severity_downgrade"):
        yield "severity_lowered"
    if marked and not own.get("marked") and not _granted(own, fact, "harassment"):
        yield "harassment_alone"
    own |= {"safety": fact.data["safety"], "severity": severity, "marked": marked}


def _marked(fact: Fact) -> bool:
    return any(one["motive"] == "harassment" for one in fact.data.get("motives", ()))


def _granted(own: Memory, fact: Fact, *what: str) -> bool:
    granted = own.get("granted")
    if granted is None or granted["what"] not in what:
        return False
    return bool(granted["at"] == fact.at.isoformat() and granted["by"] != fact.actor)
