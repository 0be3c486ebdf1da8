"""Examination of a pack or a regime by itself: its sound part, and all its problems."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from shared.clocks.calendar import Calendar
from shared.policy.checks import torn, zero_budgets
from shared.policy.dates import Day, resolved
from shared.policy.marked import Source
from shared.policy.models import Pack, Regime
from shared.policy.obligation import WorkingHours
from shared.policy.problems import Loc, Problem, complaints
from shared.policy.sound import NONE, Gaps, sound_part, thinned

Entry = TypeVar("Entry", Pack, Regime)


@dataclass(frozen=True)
class Examined(Generic[Entry]):
    """Sound part of an entry; its `gaps` are missing. `calendar` is None where none can be made."""

    entry: Entry
    source: Source
    gaps: Gaps
    calendar: Calendar | None
    wrong: list[Problem]


def examined(model: type[Entry], source: Source, usual_id: str | None, day: Day) -> Examined[Entry]:
    """Entry of this source, its calendar, and all problems of either."""
    found: list[tuple[Loc, str]] = list(zero_budgets(source.content))
    sound, gaps = source, NONE
    try:
        entry = model.model_validate(source.content, extra="forbid")
    except ValidationError as error:
        objections = list(complaints(error, model))
        found += objections
        found += _torn(source, [loc for loc, _ in objections])
        entry, sound, gaps = _sound(model, source, [loc for loc, _ in objections])
    calendar, dates = _calendar(entry, source, gaps, usual_id, day)
    found += dates
    return Examined(
        entry, sound, gaps, calendar, [*source.wrong, *placed(source, _unreported(source, found))]
    )


def _sound(model: type[Entry], source: Source, wrong: list[Loc]) -> tuple[Entry, Source, Gaps]:
    """Entry without its wrong parts, the source of the rest, and the parts left out."""
    rest, few = thinned(model, source, wrong)
    entry, lost = sound_part(model, rest.content)
    for name in lost.absent & rest.content.keys():
        rest = rest.without(name)
    return entry, rest, few | lost


def _torn(source: Source, wrong: list[Loc]) -> Iterable[tuple[Loc, str]]:
    said = source.content.get("obligations")
    entries = {loc[1] for loc in wrong if loc[0] == "obligations" and len(loc) > 1}
    return torn(said, entries) if isinstance(said, list) else ()


def placed(source: Source, found: Iterable[tuple[Loc, str]]) -> list[Problem]:
    """Problems with their file and line."""
    return [source.problem(loc, sentence) for loc, sentence in found]


def _unreported(source: Source, found: list[tuple[Loc, str]]) -> list[tuple[Loc, str]]:
    return [(loc, sentence) for loc, sentence in found if not _is_reported(source, loc)]


def _is_reported(source: Source, loc: Loc) -> bool:
    """Whether the problem is reported already, or follows from an unreadable file or a missing calendar."""
    if source.told(loc):
        return True
    if loc == ("calendar",) and isinstance(source.content.get("calendar"), str):
        return True
    here: Any = source.content
    for step in loc[:2]:
        if not isinstance(here, dict):
            return False
        here = here.get(step)
    return source.unread and here is None and len(loc) <= 2


def _calendar(
    entry: Pack | Regime, source: Source, gaps: Gaps, usual_id: str | None, day: Day
) -> tuple[Calendar | None, list[tuple[Loc, str]]]:
    """Calendar of the entry, also where other fields of it are wrong."""
    said = source.content.get("calendar")
    if not isinstance(said, dict):
        return None, []
    hours, lost = (entry.calendar, NONE) if gaps.there("calendar") else sound_part(WorkingHours, said)
    calendar, found = resolved(hours, usual_id, day, lost)
    return calendar, [(("calendar", *loc), sentence) for loc, sentence in found]
