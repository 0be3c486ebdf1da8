"""Ids that repeat themselves: every id is derived from what it names."""

import hashlib

BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
PAIRS = [first + second for first in BASE32 for second in BASE32]
"""Ten bits at a time: the library's base 32 takes ten times as long, and every submission needs one."""

COMPLAINT_ID_PATTERN = r"^C[a-z2-7]{15}$"


def complaint_id(source: str, external_id: str) -> str:
    """Id of the complaint that `source` knows as `external_id`; any sender can compute it."""
    digest = hashlib.sha256(f"{source}\n{external_id}".encode()).digest()
    bits = int.from_bytes(digest[:10])
    return "C" + "".join([PAIRS[bits >> shift & 0x3FF] for shift in range(70, -1, -10)])[:15]


def event_id(complaint: str, service: str, seq: int) -> str:
    """CloudEvent id, and thus the `Nats-Msg-Id`, of one fact."""
    return f"{complaint}-{service}-{seq}"


def text_ref(service: str, complaint: str, key: str) -> str:
    """Reference under which `service` has encrypted and stored a text of `complaint`."""
    return f"{service}:{complaint}:{key}"


def is_text_ref(value: str, service: str, complaint: str) -> bool:
    """Whether a value is the reference of a text of this complaint, not a word of the sender's own."""
    return value.startswith(text_ref(service, complaint, ""))


OWN = "own-"
"""Prefix of the key of a text that came with a command of the complainant."""


def text_key(command_id: str, field: str, *, own: bool = False) -> str:
    """Last part of the reference of a text that came with a command; a repeat has the same.

    `own`: the complainant sent the command, and may read the text again.
    """
    return f"{OWN if own else ''}{field}-{short_hash(command_id)}"


def short_hash(text: str, length: int = 16) -> str:
    """Stable, subject-safe token for a name that others chose."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def complaint_workflow_id(complaint: str) -> str:
    return f"complaint/{complaint}"


def grumble_workflow_id(complaint: str) -> str:
    return f"grumble/{complaint}"


def task_workflow_id(complaint: str, task: str) -> str:
    return f"task/{complaint}/{task}"


def followup_workflow_id(complaint: str, cycle: int) -> str:
    return f"followup/{complaint}/{cycle}"


def schema_urn(name: str) -> str:
    """Stable identity of one JSON Schema of the contract."""
    return f"urn:amends:contract:v1:{name}"
