"""Assembly of a pack: its own files over those of the pack that it extends, its regimes, its calendars.

Each field keeps its file and line, so that an error can name them.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

from shared.policy import classifiers
from shared.policy.marked import Source, read
from shared.policy.problems import PackProblem, PolicyError

HERE = Path(__file__).parent
PACKS = HERE / "packs"
REGIMES = "regimes"
CALENDARS = "calendars"

MODELS = ("classifier", "wording_model")
"""Fields that name the file of a trained model."""

BY_ENTRY = ("authority", "bodies", "feedback", "limits", "notices", "recourse", "wording")
"""Fields in which a pack replaces single entries of the pack that it extends; others it replaces whole."""


def pack_directory(name: str, beside: Path | None = None) -> Path:
    """Directory of the built-in pack `name`, or the directory `name` relative to the pack `beside`."""
    for directory in (PACKS / name, (beside or Path()) / name):
        with suppress(OSError, ValueError):  # a name that no directory can have
            if directory.is_dir():
                return directory
    raise PolicyError(
        f"there is no policy pack {name!r}: name a directory, or one of {_names(PACKS)}",
        zh=f"没有策略包“{name}”：请指定目录，或以下之一：{_names(PACKS).replace(', ', '、')}",
    )


def pack_source(directory: Path, below: tuple[Path, ...] = ()) -> tuple[Source, list[Path]]:
    """Content of a pack with all that it extends, and the directories it came from, its own first."""
    own = _joined(directory, f"{directory.name}/" if below else "")
    parent = own.content.get("extends")
    if not isinstance(parent, str):
        return _with_files(own, [directory]), [directory]
    chain = (*below, directory.resolve())
    try:
        above = pack_directory(parent, directory)
    except PolicyError as error:
        own.wrong.append(own.problem(("extends",), str(error)))
        return _with_files(own, [directory]), [directory]
    if above.resolve() in chain:
        own.wrong.append(own.problem(("extends",), "a pack must not extend itself"))
        return _with_files(own, [directory]), [directory]
    inherited, places = pack_source(above, chain)
    places = [directory, *places]
    return _over(_with_files(own, places), inherited), places


def regime_source(name: str, places: list[Path]) -> Source | None:
    """Regime `name` of one of these packs, else a built-in one; None if there is none."""
    path = _find(REGIMES, name, places)
    if path is None:
        return None
    source = _with_calendar(_read(path, f"{REGIMES}/{path.name}"), places)
    said = source.content.get("obligations")
    if isinstance(said, list):
        usual = {"regime": name, "version": str(source.content.get("version"))}
        source.content["obligations"] = [_usual(usual, one) for one in said]
    return source


def _usual(usual: dict[str, Any], given: Any) -> Any:
    """Regime's obligation with the usual values filled in: its deadlines go on through all cycles."""
    if not isinstance(given, dict):
        return given
    through = {"counts_from": "first_receipt"} if given.get("starts") == "received" else {}
    return usual | through | given


def no_regime(name: str, places: list[Path]) -> str:
    """Sentence for a regime that does not exist, with the names of those that do."""
    return _overlooked_one(REGIMES, name, places) or (
        f"there is no regime {name!r}; allowed are {_known(REGIMES, places)}"
    )


def _joined(directory: Path, prefix: str) -> Source:
    """Files of one directory as one mapping. Each field may be in one file only."""
    whole = Source(wrong=_overlooked(directory))
    for path in _files(directory):
        one = _read(path, prefix + path.name)
        whole.wrong += one.wrong
        for key, value in one.content.items():
            if key in whole.content:
                there = whole.at((key,)).file
                whole.wrong.append(one.problem((key,), f"is also in {there}; keep one of them"))
                continue
            whole.content[key] = value
            whole.take(one, key)
        if path.stem == "pack" or () not in whole.marks:
            whole.marks[()] = one.at(())
    if not whole.content and not whole.wrong:
        raise PolicyError(f"{directory.name} holds no pack: a pack is a directory of files such as pack.yaml")
    return whole


def _over(own: Source, inherited: Source) -> Source:
    """Fields of `own`, completed by those of `inherited`."""
    whole = Source(dict(own.content), wrong=[*own.wrong, *inherited.wrong])
    for key, value in inherited.content.items():
        if key not in own.content or key in BY_ENTRY:
            whole.take(inherited, key)
            whole.content[key] = _entries(value, own.content[key]) if key in own.content else value
    whole.marks |= own.marks
    return whole


def _entries(inherited: Any, own: Any) -> Any:
    both = isinstance(inherited, dict) and isinstance(own, dict)
    return inherited | own if both else own


def _with_files(source: Source, places: list[Path]) -> Source:
    """Source with the content of the files that it names: its calendar, and the identity of its models."""
    source = _with_calendar(source, places)
    for field in MODELS:
        source = _with_model(source, field, places)
    return source


def _with_model(source: Source, field: str, places: list[Path]) -> Source:
    """Source with the hash of the model that this field names, so that the pack's hash covers it."""
    said = source.content.get(field)
    if not isinstance(said, dict) or not isinstance(said.get("model"), str):
        return source
    try:
        digest = classifiers.found(said["model"], places)
    except classifiers.NoModel as error:
        source.wrong.append(source.problem((field, "model"), str(error)))
        return source
    if said.get("sha256", digest) != digest:
        source.wrong.append(source.problem((field, "sha256"), f"the file has another: {digest}"))
    source.content[field] = said | {"sha256": digest}
    return source


def _with_calendar(source: Source, places: list[Path]) -> Source:
    """Source with the named calendar in place of its name."""
    name = source.content.get("calendar")
    if not isinstance(name, str):
        return source
    path = _find(CALENDARS, name, places)
    if path is None:
        sentence = _overlooked_one(CALENDARS, name, places) or (
            f"there is no calendar {name!r}; write one here, or name one of {_known(CALENDARS, places)}"
        )
        source.wrong.append(source.problem(("calendar",), sentence))
        return source
    found = _read(path, f"{CALENDARS}/{path.name}")
    source.wrong += found.wrong
    source.content["calendar"] = {"id": name} | found.content
    for loc, mark in found.marks.items():
        source.marks[("calendar", *loc)] = mark
    return source


def _known(kind: str, places: list[Path]) -> str:
    return ", ".join(sorted({path.stem for place in (*places, HERE) for path in _files(place / kind)}))


def _overlooked_one(kind: str, name: str, places: list[Path]) -> str | None:
    if any((place / kind / f"{name}.yml").is_file() for place in places):
        return f"{kind}/{name}.yml would be overlooked; name it {name}.yaml"
    return None


def _read(path: Path, name: str) -> Source:
    """Content of the file; empty, with the reason, where it cannot be read."""
    try:
        return read(path, name)
    except PolicyError as error:
        return Source(wrong=error.problems)


def _find(kind: str, name: str, places: list[Path]) -> Path | None:
    paths = (place / kind / f"{name}.yaml" for place in (*places, HERE))
    return next((path for path in paths if path.is_file()), None)


def _overlooked(directory: Path) -> list[PackProblem]:
    """Files that the loader would not read."""
    names = sorted(path.name for path in directory.glob("*.yml"))
    return [
        PackProblem(name, 1, "", f"would be overlooked; name it {Path(name).stem}.yaml") for name in names
    ]


def _files(directory: Path) -> list[Path]:
    return sorted(directory.glob("*.yaml"))


def _names(directory: Path) -> str:
    return ", ".join(sorted(path.name for path in directory.iterdir() if path.is_dir()))
