"""Exactly one accountable owner at every instant, who is never a person complained about.

Source: `sources.md` 67, 96.
"""

import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta

from services.console.audit.auditor.stream import Fact, Memory

REPLACED_WITHIN = timedelta(minutes=5)
"""Time in which a concerned owner is replaced: people are looked up after the naming is stored."""

NOBODY, DESCRIBED = "nobody", "described"
OWN_WORK = ("responded", "options_prepared", "interest_recorded", "action_completed")
"""Facts that only the owner causes; an interest of their own, the complainant records, too."""


def owners(own: Memory, fact: Fact) -> Iterator[str]:
    """Judge a fact, and remember the owner after it."""
    owner = own.get("owner")
    if fact.service == "routing":
        yield from _one_owner(own, fact, owner)
        if owner and _is_concerned(own, owner) and _still_acts(own, fact, owner):
            yield "owner_concerned"
    _name_concerned(own, fact)
    if fact.name == "assigned":
        yield from _assigned(own, fact, owner)
    if fact.service == "routing":
        own["before"] = [fact.name, fact.data.get("to")]
    if fact.name == "reopened":
        own["reopened"] = True


def _still_acts(own: Memory, fact: Fact, owner: str) -> bool:
    """Whether a concerned owner acts, or is still there when another person should have been found."""
    named_at = datetime.fromisoformat(own["named_at"])
    return fact.at > named_at + REPLACED_WITHIN or (fact.at > named_at and fact.actor == owner)


def _one_owner(own: Memory, fact: Fact, owner: str | None) -> Iterator[str]:
    if owner is None and fact.name not in ("triaged", "assigned"):
        yield "one_owner"
    if owner is not None and fact.name in OWN_WORK and fact.actor != owner and not _own_interest(fact):
        yield "one_owner"
    if fact.name == "resolved" and fact.data["owner"] != owner:
        yield "one_owner"


def _own_interest(fact: Fact) -> bool:
    """Whether the complainant records an interest of their own."""
    return fact.name == "interest_recorded" and (fact.actor, fact.data["party"]) == ("customer", "customer")


def _assigned(own: Memory, fact: Fact, owner: str | None) -> Iterator[str]:
    fields, why = fact.data, fact.data["why"]
    if fields.get("previous") != owner or (why == "triage") != (owner is None):
        yield "one_owner"
    if _is_concerned(own, fields["owner"]) or (fields["level"] == 0 and _unit_concerned(own, fields)):
        yield "owner_concerned"
    if why == "escalation" and own["before"] != ["escalated", fields["owner"]]:
        yield "owner_changed_otherwise"
    if why == "escalation" and fields["level"] <= own.get("level", 0):
        yield "owner_changed_otherwise"
    own["level"] = fields["level"]
    if why == "reopening" and not own.pop("reopened", False):
        yield "owner_changed_otherwise"
    own["owner"] = fields["owner"]


def _name_concerned(own: Memory, fact: Fact) -> None:
    """Remember the people and units that the fact names as concerned."""
    if fact.name not in ("received", "record_completed", "concerned_added"):
        return
    fields = fact.data
    besides = fields.get("concerned") or {}
    staff = [*fields.get("staff", ()), fields.get("about_staff"), *besides.get("staff", ())]
    units = [*fields.get("units", ()), fields.get("unit"), *besides.get("units", ())]
    known = {"staff": own.get("staff", []), "units": own.get("units", [])}
    for kind, names in (("staff", staff), ("units", units)):
        new = {_folded(name) for name in names if name and name != DESCRIBED}
        own[kind] = sorted({*known[kind], *new})
    if known != {"staff": own["staff"], "units": own["units"]}:
        own["named_at"] = fact.at.isoformat()


def _is_concerned(own: Memory, person: str) -> bool:
    return person != NOBODY and _folded(person) in own.get("staff", ())


def _unit_concerned(own: Memory, fields: Memory) -> bool:
    return fields["owner"] != NOBODY and _folded(fields["team"]) in own.get("units", ())


def _folded(name: str) -> str:
    """Name for comparison: case, width and composition of its characters do not distinguish people."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).strip()
