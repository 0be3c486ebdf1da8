"""Kinds of clients, with what each may send and receive. Accounts, checks and documents derive from it."""

from dataclasses import dataclass
from enum import StrEnum

from shared.contract.events import Notice
from shared.contract.ids import OWN
from shared.contract.queries import QUERIES, RejectedQuery, TextQuery
from shared.contract.subjects import Service

ANY = "*"
"""Wildcard for a source, an actor or a fact."""

GATEWAY_ACTOR = "gateway"
"""Actor that reads notices to deliver them; it is on no roster."""


class Kind(StrEnum):
    """Kind of a client."""

    PUBLISHER = "publisher"
    DESK = "desk"
    PERSON = "person"
    PORTAL = "portal"
    GATEWAY = "gateway"
    READER = "reader"
    DOOR = "door"
    CLASSIFIER = "classifier"


class TextKind(StrEnum):
    """Kind of a text, which decides which clients may read it.

    The kinds are a notice to the complainant, their address (name, phone, email), their own words, and
    other stored texts: words of staff.
    """

    NOTICE = "notice"
    ADDRESS = "address"
    WORDS = "words"
    RECORD = "record"


TOLD = ("narrative", "title", "details", "attachments", "representative")
"""Keys of the texts of a submission that hold the complainant's own words."""


def kind_of_text(ref: str) -> TextKind:
    """Kind of the text that a reference names; the text itself need not exist."""
    service, _, key = ref.split(":", 2) if ref.count(":") >= 2 else ("", "", "")
    if key.startswith("notice-"):
        return TextKind.NOTICE
    if service == Service.INTAKE and key == "customer":
        return TextKind.ADDRESS
    # The text of a contact in intake holds the complainant's words, even if staff wrote them down.
    contact = service == Service.INTAKE and key.startswith("text-")
    return TextKind.WORDS if contact or key in TOLD or key.startswith(OWN) else TextKind.RECORD


@dataclass(frozen=True)
class Capability:
    """Permissions of a kind of client. `queries` are names; `follows` are the facts that it may receive at
    most.

    `classifies`: it receives requests to classify complaints. `asks_for_ids`: it may ask intake whether the
    id of a submission already belongs to other content. `asks_for_links`: it may ask routing about one-time
    links.
    """

    about: str
    submits: bool = False
    commands: bool = False
    asks_for_ids: bool = False
    asks_for_links: bool = False
    classifies: bool = False
    queries: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    texts: tuple[TextKind, ...] = ()


EVERY_QUERY = tuple(QUERIES)
EVERY_TEXT = tuple(TextKind)
TO_DELIVER = (TextKind.NOTICE, TextKind.ADDRESS)
THEIR_OWN = (*TO_DELIVER, TextKind.WORDS)
"""Kinds of texts that complainants read: notices to them, their address, and their own words."""

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
    Kind.CLASSIFIER: Capability(
        "A system that classifies complaints in place of the built-in classifier.",
        queries=(TextQuery.NAME,),
        texts=(TextKind.WORDS,),
        classifies=True,
    ),
    Kind.DOOR: Capability(
        "The HTTP door. It checks the token and the source of each publisher itself.",
        submits=True,
        asks_for_ids=True,
        asks_for_links=True,
    ),
}
