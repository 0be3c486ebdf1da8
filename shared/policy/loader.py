"""Loading a pack: files, checked, with calendars made for it and a hash of it all."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from shared.clocks.calendar import Calendar
from shared.contract.values import PolicyId
from shared.policy.assembling import no_regime, pack_directory, pack_source, regime_source
from shared.policy.checks import contradictions
from shared.policy.dates import Day, resolved
from shared.policy.joining import Joined, JoinedRegime, join
from shared.policy.kept import content_text, hash_of
from shared.policy.marked import Source
from shared.policy.models import Pack
from shared.policy.obligation import Regime
from shared.policy.problems import PackProblem, PolicyError
from shared.policy.shape import placed, shaped


@dataclass(frozen=True)
class Policy:
    """Loaded pack with its identity and its calendars.

    The obligations and standards of its regimes are among those of `pack`. `calendars` are the regimes'
    own, by id, where they are not the pack's.
    """

    pack: Pack
    identity: PolicyId
    calendar: Calendar
    calendars: dict[str, Calendar] = field(default_factory=dict)
    regimes: list[Regime] = field(default_factory=list)

    @property
    def content(self) -> str:
        """Text from which the hash is computed: all fields of the policy, and the dates of its calendars."""
        return content_text(self.pack, {"": self.calendar, **self.calendars})


@dataclass(frozen=True)
class PackFiles:
    """Content of the files of a pack and of its regimes, each regime by its name."""

    pack: Source
    regimes: dict[str, Source]
    wrong: list[PackProblem]


def load_policy(name: str, today: date | None = None, *, running: bool = False) -> Policy:
    """Load the pack `name`: a built-in one, or a directory; further regimes follow after commas.

    `uk-disp,uk-psd` is the pack `uk-disp` under the regime `uk-psd` as well. `today` is the day of
    loading. A calendar that leaves out the present year is refused. If the policy is `running` already,
    only a missing future year is refused.

    Raises `PolicyError` with all problems of the files' shape. Where that is right, with all
    contradictions in their content.
    """
    first, *added = (part.strip() for part in name.split(","))
    files = _read(first, added)
    pack, regimes = _shaped(files)
    day = Day(today or datetime.now(UTC).date(), running)
    calendar, dates = resolved(pack.calendar, None, day)
    wrong, named = placed(files.pack, dates), []
    for one, regime in regimes.items():
        own, dates = resolved(regime.calendar, one, day)
        wrong += placed(files.regimes[one], dates)
        named.append(JoinedRegime(regime, files.regimes[one], own))
    joined = join(pack, files.pack, calendar, named)
    found = contradictions(joined.pack, calendar, joined.calendars)
    _refuse(*wrong, *joined.wrong, *placed(joined.source, found))
    assert calendar is not None, "working hours without a calendar are refused"
    return _identified(joined, calendar, [*regimes.values()], name_of(pack.id, added))


def _read(name: str, added: list[str]) -> PackFiles:
    """All files, also those of the regimes that the pack or the caller names."""
    pack, places = pack_source(pack_directory(name))
    said = pack.content.get("regimes")
    names = [str(one) for one in said] if isinstance(said, list) else []
    found = {one: regime_source(one, places) for one in dict.fromkeys((*names, *added))}
    files = PackFiles(pack, {one: source for one, source in found.items() if source}, [*pack.wrong])
    for one, source in found.items():
        if source:
            files.wrong.extend(source.wrong)
        else:
            sentence = no_regime(one, places)
            at = ("regimes", names.index(one)) if one in names else None
            files.wrong.append(pack.problem(at, sentence) if at else PackProblem("", 0, "", sentence))
    return files


def _shaped(files: PackFiles) -> tuple[Pack, dict[str, Regime]]:
    """Pack and regimes as their models."""
    pack, wrong = shaped(Pack, files.pack)
    regimes: dict[str, Regime] = {}
    for name, source in files.regimes.items():
        regime, problems = shaped(Regime, source)
        if regime and regime.id != name:
            problems.append(source.problem(("id",), f"must be {name!r}, as the file is called"))
        if regime:
            regimes[name] = regime
        wrong += problems
    _refuse(*files.wrong, *wrong)
    assert pack is not None, "a pack without its shape is refused"
    return pack, regimes


def _refuse(*wrong: PackProblem) -> None:
    """Raise `PolicyError` in the order of the files and lines, if anything is wrong."""
    if wrong:
        raise PolicyError(*sorted(set(wrong), key=lambda one: (one.file, one.line, one.field)))


def name_of(pack: str, added: list[str]) -> str:
    """Name of a pack to which further regimes are added."""
    return ",".join((pack, *added))


def _identified(joined: Joined, calendar: Calendar, regimes: list[Regime], name: str) -> Policy:
    """Policy with the hash of all its fields and of its calendars' dates."""
    calendars = {one: own for one, own in joined.calendars.items() if own}
    text = content_text(joined.pack, {"": calendar, **calendars})
    identity = PolicyId(id=name, hash=hash_of(text))
    return Policy(joined.pack, identity, calendar, calendars, regimes)
