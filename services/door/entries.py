"""Entries of the form: the required fields, and the event that a filled form becomes. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import orjson

from shared.contract.door import FORM_SOURCE
from shared.contract.submission import SUBMITTED

FORM, TRAP = "form", "website"
"""Hidden: which form it is; and a field that people do not see and programs fill in."""

SAFETY, LANG = "safety", "lang"

LONGEST = {
    "narrative": 20_000,
    "title": 200,
    "product": 200,
    "order_ref": 100,
    "remedy": 40,
    "name": 200,
    "email": 254,
    "phone": 40,
    "preferred": 10,
}
"""Visible fields, and the most characters of each."""

REMEDIES = ("refund", "replacement", "repair", "compensation", "apology", "explanation")
WAYS = ("phone", "email")

EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
PHONE = re.compile(r"^\+?[0-9 ()./-]{5,40}$")
MOST_FIELDS = 40

FIELD_OF = {
    "data.narrative": "narrative",
    "data.title": "title",
    "data.product": "product",
    "data.order_ref": "order_ref",
    "data.customer.name": "name",
    "data.customer.email": "email",
    "data.customer.phone": "phone",
}
"""Fields of the form by the path that the contract's reading names."""


@dataclass(frozen=True, slots=True)
class FilledForm:
    """Filled form. `values` are kept as written, to be shown again."""

    values: Mapping[str, str]

    @classmethod
    def of(cls, body: bytes) -> "FilledForm":
        """Read the body of a form. Raises `ValueError` when it is none."""
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS, separator="&"
        )
        return cls({name: value.replace("\r\n", "\n").strip() for name, value in pairs})

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def faults(self) -> dict[str, str]:
        """Key of the fault's sentence by field; empty if nothing is wrong."""
        found = {name: "too_long" for name, most in LONGEST.items() if len(self[name]) > most}
        if not self["narrative"]:
            found["narrative"] = "missing"
        if not self["email"] and not self["phone"]:
            found["email"] = "unreachable"
        if self["email"] and not EMAIL.match(self["email"]):
            found.setdefault("email", "no_email")
        if self["phone"] and not PHONE.match(self["phone"]):
            found.setdefault("phone", "no_phone")
        if self["preferred"] and (self["preferred"] not in WAYS or not self[self["preferred"]]):
            found.setdefault("preferred", "no_such_way")
        if self["remedy"] and self["remedy"] not in REMEDIES:
            found.setdefault("remedy", "unknown_remedy")
        if self[TRAP]:
            found["narrative"] = "trap"
        return found

    @property
    def contact(self) -> str:
        """Contact that identifies this person: the address, or else the digits of the number."""
        return self["email"].casefold() or re.sub(r"[^0-9+]", "", self["phone"])

    def event(self, name: str, customer_ref: str, language: str, now: datetime) -> bytes:
        """CloudEvent of this form, with the name of the form as its id."""
        customer = {
            "ref": customer_ref,
            "name": self["name"],
            "email": self["email"],
            "phone": self["phone"],
            "preferred_channel": self["preferred"],
        }
        data: dict[str, Any] = {
            "received_at": now.isoformat(),
            "language": language,
            "customer": _given(customer),
            "narrative": self["narrative"],
            "title": self["title"],
            "product": self["product"],
            "order_ref": self["order_ref"],
            "remedy_sought": self["remedy"],
            "safety": self[SAFETY] == "yes",
        }
        return orjson.dumps(
            {
                "specversion": "1.0",
                "type": SUBMITTED,
                "source": FORM_SOURCE,
                "id": name,
                "time": now.isoformat(),
                "data": _given(data),
            }
        )


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value != ""}
