"""Content of a submission and of a command, as bytes that are equal if the contents are equal. Pure.

An id belongs to one content. So a second message under a known id is a repeat if its content is the same,
and other content if not. The bytes hold texts in the clear: a service keeps only a keyed digest of them
(`shared/runtime/texts/digests.py`).

These differences do not count: the order of keys, whitespace between them, `1` and `1.0`, `199.0` and
`199.00` of an amount, another offset of an instant, a default that is written out, a field that the
contract does not know, and another composition of letters (NFC).
"""

from decimal import Decimal
from typing import Any

import orjson

from shared.contract.commands import Command
from shared.contract.submission import Submitted
from shared.contract.values.normal_form import normal_form

NO_CONTENT = {"received_at"}
"""Fields that are no part of the content. A sender without an instant of its own writes the present one, so
`received_at` differs in a repeat.
"""


def content_of(submitted: Submitted) -> bytes:
    """Content of a submission: its type and data, without `time`, channel and `data.received_at`.

    Call it before Amends fills in defaults and masks in the data.
    """
    data = submitted.data.model_dump(
        mode="json", exclude_none=True, exclude_defaults=True, exclude=NO_CONTENT
    )
    return _canonical({"type": submitted.type, "data": data})


def content_of_command(command: Command, actor: str) -> bytes:
    """Content of a command: its verb, its actor and its data."""
    data = command.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return _canonical({"verb": command.VERB, "actor": actor, "data": data})


def _canonical(value: Any) -> bytes:
    return orjson.dumps(_plain(value), option=orjson.OPT_SORT_KEYS)


def _plain(value: Any) -> Any:
    """Value with texts in NFC, whole numbers without a fraction, and amounts without zeros at the end."""
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
