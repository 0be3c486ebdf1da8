"""Union of a pack and its regimes: their obligations and standards together, each with its own calendar."""

from dataclasses import dataclass

from shared.clocks.calendar import Calendar
from shared.policy.dates import equal
from shared.policy.marked import Source
from shared.policy.models import Pack
from shared.policy.obligation import Obligation, Regime, Standard
from shared.policy.problems import PackProblem


@dataclass(frozen=True)
class JoinedRegime:
    """Regime with the content of its file and its calendar, if one could be made."""

    entry: Regime
    source: Source
    calendar: Calendar | None


@dataclass(frozen=True)
class Joined:
    """Pack with the parts of its regimes, the file and line of each part, and the calendars."""

    pack: Pack
    source: Source
    calendars: dict[str, Calendar | None]
    wrong: list[PackProblem]


def join(pack: Pack, source: Source, calendar: Calendar | None, regimes: list[JoinedRegime]) -> Joined:
    """All of it as one pack; `wrong` where two calendars have one name."""
    whole = Source(dict(source.content), dict(source.marks))
    obligations, standards = list(pack.obligations), list(pack.standards)
    calendars: dict[str, Calendar | None] = {}
    wrong: list[PackProblem] = []
    for regime in regimes:
        own = _calendar_name(regime, calendar)
        if own and calendars.setdefault(own, regime.calendar) != regime.calendar:
            sentence = f"there is another calendar {own!r}; give this one an id of its own"
            wrong.append(regime.source.problem(("calendar",), sentence))
        _take(whole, regime.source, "obligations", len(obligations))
        _take(whole, regime.source, "standards", len(standards))
        obligations += [one.model_copy(update={"calendar": own}) for one in regime.entry.obligations]
        standards += regime.entry.standards
    return Joined(_with(pack, regimes, obligations, standards), whole, calendars, wrong)


def _calendar_name(regime: JoinedRegime, calendar: Calendar | None) -> str | None:
    """Id of the regime's calendar; None where it is the pack's."""
    if regime.calendar is None:
        return regime.entry.id
    return None if calendar and equal(regime.calendar, calendar) else regime.calendar.id


def _with(
    pack: Pack, regimes: list[JoinedRegime], obligations: list[Obligation], standards: list[Standard]
) -> Pack:
    names = [regime.entry.id for regime in regimes]
    recourse = pack.recourse | {one.entry.id: one.entry.recourse for one in regimes if one.entry.recourse}
    joined = {"regimes": names, "obligations": obligations, "standards": standards, "recourse": recourse}
    return pack.model_copy(update=joined)


def _take(whole: Source, regime: Source, key: str, first: int) -> None:
    """Append the entries of the regime's list to those of the pack."""
    said = regime.content.get(key) or []
    whole.content[key] = [*(whole.content.get(key) or []), *said]
    for number in range(len(said)):
        for loc, mark in regime.marks.items():
            if loc[:2] == (key, number):
                whole.marks[(key, first + number, *loc[2:])] = mark
