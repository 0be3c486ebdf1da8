"""Rates counted by an outsider from the facts alone, as the wire defines them. Pure."""

from collections.abc import Iterable
from typing import Any

from deploy.demo.record import SeenFact

Pair = tuple[int, int]
NAMES = ("response", "resolution", "satisfaction")


def from_facts(facts: Iterable[SeenFact], rule: str | None) -> dict[str, Pair]:
    """Numerator and denominator of each rate; `rule` is the response rule, as the `policy` query names it."""
    in_time: dict[str, bool] = {}
    verdicts: dict[str, SeenFact] = {}
    facts = list(facts)
    merged = {fact.complaint_id for fact in facts if fact.data.get("outcome") == "merged"}
    for fact in (one for one in facts if one.complaint_id not in merged):
        if rule and fact.data.get("obligation") == rule and fact.data["cycle"] == 1:
            if fact.name == "deadline_breached":
                in_time[fact.complaint_id] = False
            elif fact.name == "deadline_met" and not fact.data["late"]:
                in_time[fact.complaint_id] = True
        if fact.name == "satisfaction_recorded":
            verdicts[fact.complaint_id] = fact
    resolved = [fact for fact in verdicts.values() if fact.data["resolved"]]
    satisfied = [fact for fact in resolved if fact.data["satisfied"]]
    return {
        "response": (sum(in_time.values()), len(in_time)),
        "resolution": (len(resolved), len(verdicts)),
        "satisfaction": (len(satisfied), len(verdicts)),
    }


def from_query(result: dict[str, Any]) -> dict[str, Pair]:
    """Same numbers, from the result of the query `rates`."""
    return {name: (result[name]["numerator"], result[name]["denominator"]) for name in NAMES}
