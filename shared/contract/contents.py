"""What a submission and a command say, as bytes that are the same whenever they say the same. Pure.

An id belongs to one content. So a second message under a known id is a repeat if its content is the same, and
something else if it is not. The bytes hold texts in the clear: a service keeps only a keyed digest of them
(`shared/runtime/texts/digests.py`).

Equal are: another order of keys, other whitespace between them, `1` and `1.0`, `199.0` and `199.00` of an
amount, an instant with another offset, a default that is written out, a field that the contract does not
know, and letters that are composed another way (NFC).
"""

from decimal import Decimal
from typing import Any

import orjson

from shared.contract.commands import Command
from shared.contract.submission import Submitted
from shared.contract.values.normal_form import normal_form

NO_CONTENT = {"received_at"}
"""When something was said is not what was said: a sender without a time of its own writes the present."""


def content_of(submitted: Submitted) -> bytes:
    """The type and the data of a submission; not its `time`, its channel, or `data.received_at`.

    Ask for it before defaults of ours and masks are put into the data.
    """
    data = submitted.data.model_dump(
        mode="json", exclude_none=True, exclude_defaults=True, exclude=NO_CONTENT
    )
    return _canonical({"type": submitted.type, "data": data})


def content_of_command(command: Command, actor: str) -> bytes:
    """The verb of a command, its actor and its data."""
    data = command.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return _canonical({"verb": command.VERB, "actor": actor, "data": data})


def _canonical(value: Any) -> bytes:
    return orjson.dumps(_plain(value), option=orjson.OPT_SORT_KEYS)


def _plain(value: Any) -> Any:
    """The value with texts in NFC, whole numbers without a fraction, and amounts without zeros at the end."""
    if isinstance(value, str):
        return value if value.isascii() else normal_form("NFC", value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"value", "currency"}:
        return {"currency": value["currency"], "value": str(Decimal(value["value"]).normalize())}
    return {normal_form("NFC", str(name)): _plain(one) for name, one in value.items()}
