"""Which edition of the IANA time zone rules is in force here. For the moment a policy is loaded."""

import zoneinfo
from functools import cache
from importlib.metadata import version as library_version
from pathlib import Path

SPECIAL = frozenset({"Factory", "localtime", "posixrules"})
"""Files beside the zones that are none: what they mean depends on the machine."""


def zone_rules(zone: str) -> str:
    """The edition that gives the offsets of `zone`: `2026f`, or `unknown` where the system does not say.

    The system's own rules go before those of the package `tzdata`, which counts `2026.6`. They are not
    pinned with a calendar: its version names them, so that whoever reckons otherwise sees by what.
    """
    for place in map(Path, zoneinfo.TZPATH):
        if (place / zone).is_file():
            return _edition(place)
    return library_version("tzdata")


@cache
def known_zones() -> frozenset[str]:
    """The names of all zones, without what is only meant on one machine."""
    return frozenset(zoneinfo.available_timezones()) - SPECIAL


@cache
def _edition(place: Path) -> str:
    """The first line of `tzdata.zi` says `# version 2026f`."""
    try:
        with (place / "tzdata.zi").open(encoding="utf-8") as rules:
            first = rules.readline().removeprefix("# version").strip()
    except (OSError, UnicodeDecodeError):
        return "unknown"
    return first[:20] or "unknown"
