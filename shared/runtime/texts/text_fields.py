"""Taking the texts out of a command: what goes on has references in their places. Pure."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from shared.contract.commands import Change, Command, HandOver, Mediate, Transfer
from shared.contract.ids import is_text_ref, text_key, text_ref
from shared.contract.subjects import Service
from shared.contract.values import DESCRIBED, Motive


def take_out(
    service: Service,
    complaint_id: str,
    command_id: str,
    command: Command,
    codes: Collection[str] = frozenset(Motive),
    *,
    own: bool = False,
) -> tuple[dict[str, Any], dict[str, str]]:
    """Data of the command with a reference for every text, and the texts by the keys to store them under.

    The fields that hold them are single texts, lists of them, one in each entry of a list
    (`options.text`), or one in a field (`counter.remedy`). `codes` are the remedies that may travel.
    `own`: the complainant sent the command. A key depends on command and place only, so a repeat has the
    same.
    """
    data = command.model_dump(mode="json", exclude_none=True)
    texts: dict[str, str] = {}
    for field in command.texts(codes):
        for holder, place, path in list(_places(data, field.split("."), "")):
            key = text_key(command_id, path, own=own)
            texts[key] = holder[place]
            holder[place] = text_ref(service, complaint_id, key)
    return data, texts


def reported_in(command: Command, *, by_customer: bool) -> list[str]:
    """Texts of a command that may report a danger: the complainant's words, and staff's notes of them."""
    data = command.model_dump(mode="json", exclude_none=True)
    places = (_places(data, field.split("."), "") for field in command.reports(by_customer=by_customer))
    return [str(holder[place]) for found in places for holder, place, _ in found]


def number_left(
    service: Service, complaint_id: str, data: dict[str, Any], mask: Callable[[str], str]
) -> str | None:
    """First field of the remaining data with a number that `mask` would cover; amounts are none."""
    for place, value in _words(data, ""):
        if not is_text_ref(value, service, complaint_id) and mask(value) != value:
            return place
    return None


def without_strangers(command: Command, data: dict[str, Any], roster: Collection[str]) -> dict[str, Any]:
    """Data to pass on, with `described` for a person whom the roster does not know.

    The case refuses such a person by the roster. Their name would stay where the order is stored.
    """
    person = isinstance(command, Transfer | HandOver | Mediate) or (
        isinstance(command, Change) and command.what == "person"
    )
    return data | {"to": DESCRIBED} if person and data["to"] not in roster else data


def _words(value: Any, here: str) -> Iterator[tuple[str, str]]:
    """Every string, however deep, with the way there; not those of an amount of money."""
    if isinstance(value, str):
        yield here, value
        return
    many = value.items() if isinstance(value, dict) and "currency" not in value else ()
    for name, one in enumerate(value) if isinstance(value, list) else many:
        yield from _words(one, f"{here}.{name}" if here else str(name))


def _places(holder: Any, path: list[str], walked: str) -> Iterator[tuple[Any, Any, str]]:
    """Places of the texts of one field: container, key or index, and the path."""
    name, rest = path[0], path[1:]
    if not isinstance(holder, dict) or name not in holder:
        return
    value, here = holder[name], f"{walked}{name}"
    many = enumerate(value) if isinstance(value, list) else ()
    if rest and isinstance(value, dict):
        yield from _places(value, rest, f"{here}.")
    elif rest:
        for index, one in many:
            yield from _places(one, rest, f"{here}.{index}.")
    elif isinstance(value, str):
        yield holder, name, here
    else:
        yield from ((value, index, f"{here}.{index}") for index, one in many if isinstance(one, str))
