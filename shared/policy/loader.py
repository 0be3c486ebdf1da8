"""Loading a pack: files, checked, with calendars made for it and a hash of it all."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from shared.clocks.calendar import Calendar
from shared.contract.values import PolicyId
from shared.policy.assembling import pack_directory, pack_source, regime_names, regime_source
from shared.policy.checks import contradictions, zero_budgets
from shared.policy.dates import BadCalendar, Day, resolved
from shared.policy.joining import Joined, Named, join
from shared.policy.kept import content_text, hash_of
from shared.policy.marked import Source
from shared.policy.models import Pack, Regime
from shared.policy.problems import Loc, PolicyError, Problem, complaints

__all__ = ["Policy", "PolicyError", "Problem", "load_policy"]

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Policy:
    """A loaded pack with its identity and its calendars.

    The obligations and standards of its regimes are among those of `pack`; `calendars` are the regimes'
    own, by id, where they are not the pack's.
    """

    pack: Pack
    identity: PolicyId
    calendar: Calendar
    calendars: dict[str, Calendar] = field(default_factory=dict)
    regimes: list[Regime] = field(default_factory=list)

    @property
    def content(self) -> str:
        """The text that the hash was made of: all that the policy says, and the dates of its calendars."""
        return content_text(self.pack, {"": self.calendar, **self.calendars})


def load_policy(name: str, today: date | None = None, *, running: bool = False) -> Policy:
    """The pack `name`: a built-in one, or a directory; further regimes follow after commas.

    `uk-disp,uk-psd` is the pack `uk-disp` under the regime `uk-psd` as well. `today` is when it is
    loaded: a calendar that leaves out the present year is refused; of one that is `running` already, only
    a year that is still to come. Raises `PolicyError`.
    """
    first, *added = (part.strip() for part in name.split(","))
    source, places = pack_source(pack_directory(first))
    pack = _checked(Pack, source)
    day = Day(today or datetime.now(UTC).date(), running)
    calendar = _calendar(source, pack.calendar.country.lower(), pack, day)
    regimes = [_regime(one, source, places, day) for one in dict.fromkeys((*pack.regimes, *added))]
    joined = join(pack, source, calendar, regimes)
    wrong = list(contradictions(joined.pack, joined.calendar, joined.calendars))
    if wrong:
        raise _error(joined.source, wrong)
    return _identified(joined, [regime.entry for regime in regimes], name_of(pack.id, added))


def name_of(pack: str, added: list[str]) -> str:
    """What a pack is called when further regimes are added."""
    return ",".join((pack, *added))


def _identified(joined: Joined, regimes: list[Regime], name: str) -> Policy:
    """The policy with the hash of all that it says and of the dates that its calendars have."""
    text = content_text(joined.pack, {"": joined.calendar, **joined.calendars})
    identity = PolicyId(id=name, hash=hash_of(text))
    return Policy(joined.pack, identity, joined.calendar, joined.calendars, regimes)


def _regime(name: str, pack: Source, places: list[Path], day: Day) -> Named:
    """The regime `name`, checked, with its calendar."""
    source = regime_source(name, places)
    if source is None:
        sentence = f"there is no regime {name!r}; allowed are {regime_names(places)}"
        listed = pack.content.get("regimes", [])
        at = ("regimes", listed.index(name)) if name in listed else None
        raise PolicyError(pack.problem(at, sentence) if at else sentence)
    regime = _checked(Regime, source)
    if regime.id != name:
        raise PolicyError(source.problem(("id",), f"must be {name!r}, as the file is called"))
    return Named(regime, source, _calendar(source, regime.id, regime, day))


def _calendar(source: Source, usual_id: str, of: Pack | Regime, day: Day) -> Calendar:
    try:
        return resolved(of.calendar, usual_id, day)
    except BadCalendar as error:
        raise _error(source, [(("calendar", *loc), sentence) for loc, sentence in error.found]) from error


def _checked(model: type[Model], source: Source) -> Model:
    """The model that the source gives, or everything that is wrong with it."""
    found: list[tuple[Loc, str]] = list(zero_budgets(source.content))
    try:
        entry = model.model_validate(source.content, extra="forbid")
    except ValidationError as error:
        raise _error(source, [*found, *complaints(error, model)]) from error
    if found:
        raise _error(source, found)
    return entry


def _error(source: Source, found: list[tuple[Loc, str]]) -> PolicyError:
    problems = {source.problem(loc, sentence) for loc, sentence in found}
    return PolicyError(*sorted(problems, key=lambda one: (one.file, one.line, one.field)))
