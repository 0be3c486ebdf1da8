"""Wishes of the complainant: reading them, and leaving out a wish that is not understood. Pure.

A wish makes the handling easier for the complainant; without it the complaint is handled all the same. So
a wish that is not understood never keeps a complaint out: it is left out, and named (`not_understood`). A
field is a wish if its model marks it so (`WishMark`). Every other field is a claim, and has to be right.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any, Final, get_args
from zoneinfo import available_timezones

from pydantic import BaseModel

from shared.contract.values.problems import problem

Path = tuple[str | int, ...]


class WishMark:
    """Mark of a model's field as a wish."""


WISH: Final = WishMark()

NO_PLACE = {"Factory", "localtime", "posixrules"}
"""Names that some machines know beside the zones, and that mean another time on each."""

OFFSET = re.compile(r"(?:(?:UTC|GMT)\s*)?([+-−])\s*(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE | re.ASCII)

NOT_WHOLE_HOURS = {
    "+03:30": "Asia/Tehran",
    "+04:30": "Asia/Kabul",
    "+05:30": "Asia/Kolkata",
    "+05:45": "Asia/Kathmandu",
    "+06:30": "Asia/Yangon",
    "+08:45": "Australia/Eucla",
    "+09:30": "Australia/Darwin",
    "-09:30": "Pacific/Marquesas",
}
"""Zone for each offset that is not a whole number of hours: a zone whose offset never changes."""

EAST, WEST = 14, 12


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones() - NO_PLACE}


def known_zone(name: str) -> str:
    """IANA zone of a name in any case, or of an offset such as UTC+8, GMT+08:00 or +0530.

    An abbreviation such as CST means several zones, and is not understood.
    """
    asked = name.strip()
    found = _zones().get(asked.casefold()) or _zone_of_offset(asked)
    if found is None:
        raise problem("no_time_zone")
    return found


def _zone_of_offset(asked: str) -> str | None:
    if asked.casefold() == "z":
        return "Etc/UTC"
    found = OFFSET.fullmatch(asked)
    if found is None:
        return None
    sign, hours, minutes = "+" if found[1] == "+" else "-", int(found[2]), found[3] or "00"
    if minutes != "00":
        return NOT_WHOLE_HOURS.get(f"{sign}{hours:02}:{minutes}")
    if hours > (EAST if sign == "+" else WEST):
        return None
    inverted = "-" if sign == "+" else "+"  # the names of these zones count from the other side
    return f"Etc/GMT{inverted}{hours}" if hours else "Etc/UTC"


DASHES = re.compile(r"(?<!\s)\s*[-‐‑–—−~〜至到]\s*")
"""Dash with the blanks around it. A match begins only at the first blank, so that many blanks cost no
more.
"""

WINDOW = re.compile(
    r"([01]?\d|2[0-3])(?::([0-5]\d))?-(?:([01]?\d|2[0-3])(?::([0-5]\d))?|24(?::00)?)", re.ASCII
)
ALWAYS = "00:00-24:00"
MOST_WINDOWS = 8

NARROW = {0xFF01 + number: 0x21 + number for number in range(94)} | {0x3000: 0x20}
"""Full-width signs, as Chinese keyboards write them, in their usual width."""


def known_hours(hours: str) -> str:
    """Hours in one writing: windows such as 09:00-12:00, parted by commas; one may go over midnight."""
    asked = DASHES.sub("-", hours.translate(NARROW).strip())
    if asked == "24/7":
        return ALWAYS
    windows = [one.strip() for one in re.split(r"[,，;；、]", asked)]
    if len(windows) > MOST_WINDOWS:
        raise problem("no_hours")
    return ",".join(_window(one) for one in windows)


def _window(asked: str) -> str:
    found = WINDOW.fullmatch(asked)
    if found is None:
        raise problem("no_hours")
    start = f"{int(found[1]):02}:{found[2] or '00'}"
    end = f"{int(found[3]):02}:{found[4] or '00'}" if found[3] else "24:00"
    if start == end:
        raise problem("no_hours")
    return f"{start}-{end}"


def wishes_of(model: type[BaseModel], here: Path = ()) -> Iterator[Path]:
    """Path of each wish in a message, and in the models within it."""
    for name, field in model.model_fields.items():
        at = (*here, name)
        if any(isinstance(one, WishMark) for one in field.metadata):
            yield at
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from wishes_of(inner, at)


def wish_at(place: Path, wishes: frozenset[Path]) -> Path | None:
    """Smallest wish that holds the place of a problem; in a list, the entry alone."""
    for length in range(len(place), 0, -1):
        if place[:length] in wishes:
            entry = place[length : length + 1]
            return place[:length] + (entry if entry and isinstance(entry[0], int) else ())
    return None


def outermost(wishes: Collection[Path]) -> list[Path]:
    """Wishes that lie in no other of these wishes: an entry goes with its list."""
    return sorted(one for one in wishes if not any(one[:length] in wishes for length in range(len(one))))


def without(message: dict[str, Any], wishes: Collection[Path]) -> dict[str, Any]:
    """Copy of the message without these fields and entries of lists; the message itself stays unchanged."""
    for wish in sorted(wishes, reverse=True):  # the last entry first, so that the others keep their places
        message = _without(message, wish)
    return message


def _without(holder: Any, wish: Path) -> Any:
    step, rest = wish[0], wish[1:]
    if isinstance(holder, list):
        return [one for number, one in enumerate(holder) if number != step]
    if rest:
        return holder | {step: _without(holder[step], rest)}
    return {key: value for key, value in holder.items() if key != step}


def named(wish: Path) -> str:
    """Name of the wish as the sender knows it, without `data`; an entry of a list by its place from 0."""
    return ".".join(str(step) for step in wish[1:])
