"""Loading a pack: files, checked, with calendars made for it and a hash of it all."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from shared.clocks.calendar import Calendar
from shared.contract.values import PolicyId
from shared.policy.assembling import no_regime, pack_directory, pack_source, regime_source
from shared.policy.checks import contradictions
from shared.policy.dates import Day
from shared.policy.examined import Examined, examined, placed
from shared.policy.joining import Joined, Named, join
from shared.policy.kept import content_text, hash_of
from shared.policy.marked import Source
from shared.policy.models import Pack, Regime
from shared.policy.problems import PolicyError, Problem
from shared.policy.sound import NONE, Gaps

__all__ = ["Policy", "PolicyError", "Problem", "load_policy"]

OF_REGIMES = Gaps(thinned=frozenset(("regimes", "obligations", "standards")))
"""What a regime that is wrong leaves out of the pack."""


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
    day = Day(today or datetime.now(UTC).date(), running)
    pack = examined(Pack, source, None, day)
    names = dict.fromkeys((*pack.entry.regimes, *added))
    regimes, unknown = _regimes(names, source, places, day)
    named = [Named(one.entry, one.source, one.calendar) for one in regimes]
    joined = join(pack.entry, pack.source, pack.calendar, named)
    wrong = [*pack.wrong, *unknown, *(problem for one in regimes for problem in one.wrong), *joined.wrong]
    if not source.unread:
        gaps = pack.gaps | (OF_REGIMES if unknown or any(one.wrong for one in regimes) else NONE)
        found = contradictions(joined.pack, pack.calendar, joined.calendars, gaps)
        wrong += placed(joined.source, found)
    if wrong or pack.calendar is None:
        raise PolicyError(*sorted(set(wrong), key=lambda one: (one.file, one.line, one.field)))
    name = name_of(pack.entry.id, added)
    return _identified(joined, pack.calendar, [one.entry for one in regimes], name)


def name_of(pack: str, added: list[str]) -> str:
    """What a pack is called when further regimes are added."""
    return ",".join((pack, *added))


def _identified(joined: Joined, calendar: Calendar, regimes: list[Regime], name: str) -> Policy:
    """The policy with the hash of all that it says and of the dates that its calendars have."""
    text = content_text(joined.pack, {"": calendar, **joined.calendars})
    identity = PolicyId(id=name, hash=hash_of(text))
    return Policy(joined.pack, identity, calendar, joined.calendars, regimes)


def _regimes(
    names: Iterable[str], pack: Source, places: list[Path], day: Day
) -> tuple[list[Examined[Regime]], list[Problem]]:
    """These regimes, and those that there are not."""
    found = [_regime(name, pack, places, day) for name in names]
    known = [one for one in found if isinstance(one, Examined)]
    return known, [one for one in found if isinstance(one, Problem)]


def _regime(name: str, pack: Source, places: list[Path], day: Day) -> Examined[Regime] | Problem:
    """The regime `name` with its calendar, or where it is named although there is none."""
    source = regime_source(name, places)
    if source is None:
        sentence = no_regime(name, places)
        listed = pack.content.get("regimes")
        at = ("regimes", listed.index(name)) if isinstance(listed, list) and name in listed else None
        return pack.problem(at, sentence) if at else Problem("", 0, "", sentence)
    regime = examined(Regime, source, name, day)
    if regime.gaps.there("id") and regime.entry.id != name:
        regime.wrong.append(source.problem(("id",), f"must be {name!r}, as the file is called"))
    return replace(regime, entry=regime.entry.model_copy(update={"id": name}))
