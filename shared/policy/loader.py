"""Loading a pack: YAML files of one directory, checked, with a calendar made for it and a hash of it all."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from shared.clocks.calendar import Calendar
from shared.clocks.published import published_calendar
from shared.contract.values import PolicyId
from shared.policy.checks import contradictions
from shared.policy.models import Pack

PACKS = Path(__file__).parent / "packs"


class PolicyError(Exception):
    """The pack cannot be used; the words say which file and field, and what is expected."""


@dataclass(frozen=True)
class Policy:
    """A loaded pack with its identity and its calendar."""

    pack: Pack
    identity: PolicyId
    calendar: Calendar


def load_policy(name: str) -> Policy:
    """The built-in pack `name`, or the pack in the directory `name`. Raises `PolicyError`."""
    directory = PACKS / name if (PACKS / name).is_dir() else Path(name)
    if not directory.is_dir():
        known = ", ".join(sorted(path.name for path in PACKS.iterdir()))
        raise PolicyError(f"there is no policy pack {name!r}: name a directory, or one of {known}")
    pack = _checked(directory)
    shifts = pack.calendar
    calendar = published_calendar(
        shifts.country, shifts.zone, shifts.shifts, shifts.first_year, shifts.last_year
    )
    content = {"pack": pack.model_dump(mode="json"), "calendar": calendar.model_dump(mode="json")}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return Policy(pack, PolicyId(id=pack.id, hash=digest[:16]), calendar)


def _checked(directory: Path) -> Pack:
    content: dict[str, Any] = {}
    origin: dict[str, str] = {}
    for path in sorted(directory.glob("*.yaml")):
        for key, value in _read(path).items():
            if key in content:
                raise PolicyError(f"{path.name}: {key!r} stands already in {origin[key]}; keep one of them")
            content[key], origin[key] = value, path.name
    try:
        pack = Pack.model_validate(content)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in problem["loc"])
        file = origin.get(str(problem["loc"][0]), "no file")
        raise PolicyError(f"{file}: {field}: {problem['msg']}") from error
    for problem_found in contradictions(pack):
        raise PolicyError(f"{directory.name}: {problem_found}")
    return pack


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise PolicyError(f"{path.name}: not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict):
        raise PolicyError(f"{path.name}: must be a mapping of fields")
    return content
