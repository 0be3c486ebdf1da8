"""The kinds of clients: what each may send and receive. Accounts, checks and documents derive from it."""

from dataclasses import dataclass
from enum import StrEnum

from shared.contract.events import Notice
from shared.contract.ids import OWN
from shared.contract.queries import QUERIES, RejectedQuery, TextQuery
from shared.contract.subjects import Service

ANY = "*"
"""As a source, an actor or a fact: every one."""

GATEWAY_ACTOR = "gateway"
"""The actor that reads notices to deliver them; it is on no roster."""


class Kind(StrEnum):
    """What a client is."""

    PUBLISHER = "publisher"
    DESK = "desk"
    PERSON = "person"
    PORTAL = "portal"
    GATEWAY = "gateway"
    READER = "reader"
    DOOR = "door"


class TextKind(StrEnum):
    """What a text is, for the question who may read it.

    A notice to the complainant, their address (name, phone, email), their own words, and what is on record
    beside that: words of staff.
    """

    NOTICE = "notice"
    ADDRESS = "address"
    WORDS = "words"
    RECORD = "record"


TOLD = ("narrative", "title", "details", "attachments", "representative")
"""The keys of what a submission told in words."""


def kind_of_text(ref: str) -> TextKind:
    """What kind of text a reference names; whether there is such a text is not asked."""
    service, _, key = ref.split(":", 2) if ref.count(":") >= 2 else ("", "", "")
    if key.startswith("notice-"):
        return TextKind.NOTICE
    if service == Service.INTAKE and key == "customer":
        return TextKind.ADDRESS
    # What intake takes in a contact is what the complainant said, whoever wrote it down.
    contact = service == Service.INTAKE and key.startswith("text-")
    return TextKind.WORDS if contact or key in TOLD or key.startswith(OWN) else TextKind.RECORD


@dataclass(frozen=True)
class Capability:
    """What a kind of client may do. `queries` by name; `follows` are the facts that it gets at most.

    `asks_for_ids`: it may ask intake whether the id of a submission means something else.
    """

    about: str
    submits: bool = False
    commands: bool = False
    asks_for_ids: bool = False
    queries: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    texts: tuple[TextKind, ...] = ()


EVERY_QUERY = tuple(QUERIES)
EVERY_TEXT = tuple(TextKind)
TO_DELIVER = (TextKind.NOTICE, TextKind.ADDRESS)
THEIR_OWN = (*TO_DELIVER, TextKind.WORDS)
"""What complainants read: what they were told, and what they told themselves."""

CAPABILITIES: dict[Kind, Capability] = {
    Kind.PUBLISHER: Capability(
        "A system that submits complaints for its own sources.", submits=True, queries=(RejectedQuery.NAME,)
    ),
    Kind.DESK: Capability(
        "A system with its own login for many members of staff, for whom it speaks.",
        commands=True,
        queries=EVERY_QUERY,
        follows=(ANY,),
        texts=EVERY_TEXT,
    ),
    Kind.PERSON: Capability(
        "One member of staff.", commands=True, queries=EVERY_QUERY, follows=(ANY,), texts=EVERY_TEXT
    ),
    Kind.PORTAL: Capability(
        "A system in which complainants log in; it speaks for them.",
        commands=True,
        queries=("complaint", "timeline", TextQuery.NAME),
        texts=THEIR_OWN,
    ),
    Kind.GATEWAY: Capability(
        "A system that delivers notices to complainants.",
        queries=(TextQuery.NAME,),
        follows=(Notice.NAME,),
        texts=TO_DELIVER,
    ),
    Kind.READER: Capability(
        "A system that reads, such as the board or a data warehouse.",
        queries=tuple(name for name in QUERIES if name != TextQuery.NAME),
        follows=(ANY,),
    ),
    Kind.DOOR: Capability(
        "The HTTP door. It checks the token and the source of each publisher itself.",
        submits=True,
        asks_for_ids=True,
    ),
}
