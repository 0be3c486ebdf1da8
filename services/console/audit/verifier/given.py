"""Certificates from a file: only as they were written, to the last character."""

import json
from typing import Any

Json = dict[str, Any]


class NotAsWritten(ValueError):
    """File that is not what `amends certificate --json` writes; the reason is a sentence."""


def text_of(certificates: list[Json]) -> str:
    """Certificates as a file has them."""
    return json.dumps(certificates, ensure_ascii=False, indent=2) + "\n"


def certificates_in(text: str) -> list[Json]:
    """Certificates of a file. Raises `NotAsWritten`."""
    try:
        found = json.loads(text)
    except ValueError:
        raise NotAsWritten("it is not JSON") from None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise NotAsWritten("it is not a list of certificates")
    if text_of(found) != text:
        raise NotAsWritten("it is not written as certificates are: a space or a letter was changed")
    if not all(isinstance(one.get("complaint_id"), str) for one in found):
        raise NotAsWritten("a certificate names no complaint")
    return found
