"""Edition of the IANA time zone rules on this machine. Used when a policy is loaded, never in a workflow."""

import zoneinfo
from functools import cache
from importlib.metadata import version as library_version
from pathlib import Path

SPECIAL = frozenset({"Factory", "localtime", "posixrules"})
"""Files beside the zones that are none: what they mean depends on the machine."""


def zone_rules(zone: str) -> str:
    """Edition that gives the offsets of `zone`: `2026f`, or `unknown` where the system does not name it.

    The system's own rules are used before those of the package `tzdata`, which counts `2026.6`. They are
    not pinned with a calendar. The calendar's version names them, so that a reader with other results
    sees the cause.
    """
    for place in map(Path, zoneinfo.TZPATH):
        if (place / zone).is_file():
            return _edition(place)
    return library_version("tzdata")


@cache
def known_zones() -> frozenset[str]:
    """Names of all zones, without those that have a meaning on one machine only."""
    return frozenset(zoneinfo.available_timezones()) - SPECIAL


@cache
def _edition(place: Path) -> str:
    """Edition from the first line of `tzdata.zi`: `# version 2026f`."""
    try:
        with (place / "tzdata.zi").open(encoding="utf-8") as rules:
            first = rules.readline().removeprefix("# version").strip()
    except (OSError, UnicodeDecodeError):
        return "unknown"
    return first[:20] or "unknown"
