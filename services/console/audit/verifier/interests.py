"""Check whether a person acted on a complaint that is about them, after that was known. Recomputed from the
facts.

A fact of routing is judged by the names in routing's own earlier facts. A fact of another service is
judged by all facts before it in the stream, once the time has passed that a command may take.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services.console.audit.verifier.stream import Event

NAMING = ("received", "grumbled", "contact_added", "record_completed", "concerned_added")
NO_STAFF = ("customer", "amends")
A_COMMAND_TAKES = timedelta(seconds=15)


@dataclass(frozen=True)
class Roster:
    """Teams that each person belongs to or leads."""

    units: dict[str, frozenset[str]]

    @classmethod
    def of(cls, pack: dict[str, Any]) -> "Roster":
        """Roster in the text of a policy."""
        units = {one["id"]: {one["team"]} for one in pack["staff"]}
        for team in pack["teams"]:
            units.setdefault(team["lead"], set()).add(team["id"])
        return cls({who: frozenset(same(team) for team in teams) for who, teams in units.items()})


@dataclass
class KnownNames:
    """Names as they are compared, and since when each is in the facts."""

    since: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def add(self, event: Event) -> None:
        for kind, name in named(event):
            self.since.setdefault((kind, same(name)), event.at)

    def about(self, who: str, units: Iterable[str]) -> datetime | None:
        """Instant since when the complaint is about this person or a unit of theirs; None if it is not."""
        keys = [("staff", same(who)), *(("unit", unit) for unit in units)]
        return min((self.since[key] for key in keys if key in self.since), default=None)


def same(name: str) -> str:
    """Fold a name: names that differ only in case, width or composition are equal."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", folded).strip()


def named(event: Event) -> Iterator[tuple[str, str]]:
    """Persons and units that a fact names as concerned by the complaint."""
    if event.name not in NAMING:
        return
    more = event.data.get("concerned") or {}
    staff = [event.data.get("about_staff"), *event.data.get("staff", ()), *more.get("staff", ())]
    units = [event.data.get("unit"), *event.data.get("units", ()), *more.get("units", ())]
    yield from (("staff", name) for name in staff if name and name != "described")
    yield from (("unit", name) for name in units if name and name != "described")


def interested(events: list[Event], rosters: list[Roster]) -> list[str]:
    """Faults: facts by a person whom the complaint was known to be about; by the units of all these
    rosters.
    """
    routing, all_said, faults = KnownNames(), KnownNames(), []
    for event in events:
        everywhere = [roster.units.get(event.actor, frozenset()) for roster in rosters]
        units = frozenset.intersection(*everywhere) if everywhere else frozenset()
        own = event.service == "routing"
        since = (routing if own else all_said).about(event.actor, units)
        grace = timedelta(0) if own else A_COMMAND_TAKES
        if event.actor not in NO_STAFF and since is not None and event.at >= since + grace:
            faults.append(
                f"{event.id} was done by {event.actor}, whom it was known to be about since {since}"
            )
        all_said.add(event)
        if own or event.name == "received":
            routing.add(event)
    return faults
