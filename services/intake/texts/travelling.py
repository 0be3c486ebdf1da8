"""Separate the fields of a submission that travel from the texts that are encrypted and stored. Pure.

A field that travels cannot be erased any more: it is in facts, histories and databases of other services.
"""

from collections.abc import Collection, Mapping

import orjson

from shared.contract.events import RepresentativeRef
from shared.contract.submission import Representative, Submission
from shared.contract.values import DESCRIBED, Relation, is_code


def texts_of(
    data: Submission, remedies: Collection[str], house: Collection[str] = frozenset()
) -> dict[str, str]:
    """Texts that must not travel, by the last part of their references.

    `remedies` are codes that are known, `house` the ids of its teams and staff.
    """
    customer = {"name": data.customer.name, "phone": data.customer.phone, "email": data.customer.email}
    said = {"unit": data.unit, "about_staff": data.about_staff}
    words = {name: value for name, value in said.items() if value != code(value, house)}
    words["remedy_sought"] = None if data.remedy_sought in remedies else data.remedy_sought
    details = {"product": data.product, "order_ref": data.order_ref, **words}
    found = {
        "narrative": data.narrative,
        "title": data.title,
        "customer": _json(customer),
        "details": _json(details),
        "representative": _agent(data.representative),
        "attachments": orjson.dumps(data.attachments).decode() if data.attachments else None,
    }
    return {key: text for key, text in found.items() if text is not None}


def code(value: str | None, house: Collection[str]) -> str | None:
    """Person or thing that it is about, as it may travel: a code, or an id of the house (`house`) in any
    script.

    Other words, for instance a name, are encrypted and stored with the details, and travel as `described`.
    """
    if value is None:
        return None
    return value if value in house or is_code(value) else DESCRIBED


def known(data: Submission) -> set[str]:
    """Fields of the record that were given. A remedy that follows from a motive or a loss counts as given."""
    fields = ("narrative", "remedy_sought", "product", "order_ref", "unit", "loss")
    told = {name for name in fields if getattr(data, name) is not None}
    return told | {"remedy_sought"} if data.loss or data.hints.motives else told


def for_them(data: Submission) -> RepresentativeRef | None:
    one = data.representative
    return RepresentativeRef(ref=one.ref, relation=relation(one)) if one else None


def relation(one: Representative) -> Relation:
    """As what they speak: a word of the list; any other may be a name, and travels as `other`."""
    return Relation(one.relation) if one.relation in list(Relation) else Relation.OTHER


def _agent(one: Representative | None) -> str | None:
    if one is None:
        return None
    own = one.relation if one.relation not in list(Relation) else None
    return _json({"name": one.name, "authority": one.authority, "relation": own})


def _json(fields: Mapping[str, str | None]) -> str | None:
    present = {name: value for name, value in fields.items() if value is not None}
    return orjson.dumps(present).decode() if present else None
