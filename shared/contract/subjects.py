"""Every subject, stream and durable consumer name."""

from enum import StrEnum

from nats.js.api import RetentionPolicy, StreamConfig

PREFIX = "complaints.v1"

SUBMIT = f"{PREFIX}.submit"
EVENT = f"{PREFIX}.event"
COMMAND = f"{PREFIX}.command"
QUERY = f"{PREFIX}.query"
CLASSIFY = f"{PREFIX}.classify"
"""Request of routing to a client of the kind `classifier`, which receives it in its own account."""

QUARANTINE = f"{PREFIX}.quarantine"
DEADLETTER = f"{PREFIX}.deadletter"
REDELIVER = f"{PREFIX}.redeliver"

FROM = f"{PREFIX}.from"
"""Inside the house, what a client sends arrives here: `complaints.v1.from.<client>.submit.web`."""

TO = f"{PREFIX}.to"
"""Inside the house, what goes to one client leaves here: `complaints.v1.to.<client>.classify`."""

HOUSE = "admin"
"""Prefix inside the house account for messages of a client: `complaints.v1.from.<client>.submit.web`."""

ERASURE = f"{PREFIX}.erasure"
KEYS = f"{PREFIX}.keys"
REBUILD = f"{PREFIX}.rebuild"
REUSED = f"{PREFIX}.reused.intake"
LINKS = f"{PREFIX}.links.routing"
HEALTH = f"{PREFIX}.health"
PROBE = f"{PREFIX}.probe"
"""Subjects between the parts of Amends. The generated contract leaves them out: other systems may not rely on
them.
"""

INBOX = "_INBOX"
"""Subject prefix at which every NATS client library receives replies by default."""

RELAYED_REPLY = "_R_."
"""Prefix of the reply subject that the server gives a request from another account."""

SUBMIT_STREAM = "COMPLAINTS_SUBMIT"
EVENTS_STREAM = "COMPLAINTS_EVENTS"
QUARANTINE_STREAM = "COMPLAINTS_QUARANTINE"

DAY = 24 * 3600.0
DUPLICATE_WINDOW_SECONDS = 120.0

SUBMIT_DUPLICATE_WINDOW_SECONDS = 0.1
"""Smallest window that a server accepts, in seconds: two senders may use one `Nats-Msg-Id`. Intake recognises
repeats by itself.
"""


class Service(StrEnum):
    """Services of Amends; their names are also part of event ids, sources and text references."""

    INTAKE = "intake"
    ROUTING = "routing"
    FOLLOWUP = "followup"


class Channel(StrEnum):
    """Channel by which the complaint came; the last token of a submission's subject."""

    PHONE = "phone"
    EMAIL = "email"
    WEB = "web"
    CHAT = "chat"
    APP = "app"
    SOCIAL = "social"
    COUNTER = "counter"
    LETTER = "letter"
    HOTLINE = "hotline"
    REGULATOR = "regulator"
    OTHER = "other"


def submit(channel: str) -> str:
    return f"{SUBMIT}.{channel}"


def event(name: str, complaint_id: str) -> str:
    return f"{EVENT}.{name}.{complaint_id}"


def from_client(client: str, subject: str) -> str:
    """Subject at which the house account receives what `client` sends on `subject`."""
    return f"{FROM}.{client}.{subject.removeprefix(f'{PREFIX}.')}"


def classify_for(client: str) -> str:
    """Subject in the house account at which a request reaches this classifier."""
    return f"{TO}.{client}.{CLASSIFY.removeprefix(f'{PREFIX}.')}"


def spoken_by(subject: str) -> tuple[str, str]:
    """Client that sent a message, and the subject that it was sent on."""
    if not subject.startswith(f"{FROM}."):
        return HOUSE, subject
    client, _, rest = subject.removeprefix(f"{FROM}.").partition(".")
    return client, f"{PREFIX}.{rest}"


def timeline(complaint_id: str) -> str:
    """Filter that yields all facts of one complaint."""
    return event("*", complaint_id)


def every(name: str) -> str:
    """Filter that yields one kind of fact of all complaints."""
    return event(name, "*")


def command(verb: str) -> str:
    return f"{COMMAND}.{verb}"


def query(name: str) -> str:
    return f"{QUERY}.{name}"


def erasure(service: str) -> str:
    """Subject on which intake alone asks a service to destroy the texts of a complaint."""
    return f"{ERASURE}.{service}"


def keys(service: str) -> str:
    """Subject of the question how many keys of a service's texts are still wrapped by a former master key."""
    return f"{KEYS}.{service}"


def health(service: str) -> str:
    """Subject of the question after the health of every process of a service."""
    return f"{HEALTH}.{service}"


def probe(stream: str) -> str:
    """Subject of a probe that shows whether a stream stores: no consumer reads it, and it is deleted soon.

    The quarantine has no probe: its readers count the messages in it before they read.
    """
    return f"{PROBE}.{stream.rsplit('_', 1)[-1].lower()}"


def rebuild(service: str) -> str:
    """Subject on which administrators alone ask a service to rebuild the contents of a lost store."""
    return f"{REBUILD}.{service}"


def inbox_prefix(user: str) -> str:
    """Inbox prefix for replies to this user, where no other user may listen."""
    return f"{INBOX}_{user}"


def quarantine(reason: str) -> str:
    return f"{QUARANTINE}.{reason}"


def deadletter(service: str) -> str:
    return f"{DEADLETTER}.{service}"


def redeliver(service: str) -> str:
    return f"{REDELIVER}.{service}"


def streams() -> list[StreamConfig]:
    """Streams of the contract; `deploy` creates and updates them, services never do."""
    return [
        StreamConfig(
            name=SUBMIT_STREAM,
            subjects=[f"{SUBMIT}.>", from_client("*", f"{SUBMIT}.*"), probe(SUBMIT_STREAM)],
            retention=RetentionPolicy.WORK_QUEUE,
            duplicate_window=SUBMIT_DUPLICATE_WINDOW_SECONDS,
        ),
        StreamConfig(
            name=EVENTS_STREAM,
            subjects=[f"{EVENT}.>", probe(EVENTS_STREAM)],
            allow_msg_ttl=True,
            max_age=10 * 366 * DAY,
            duplicate_window=DUPLICATE_WINDOW_SECONDS,
            allow_direct=True,
            allow_atomic=True,
        ),
        StreamConfig(
            name=QUARANTINE_STREAM,
            subjects=[f"{QUARANTINE}.>", f"{DEADLETTER}.>"],
            max_age=30 * DAY,
            # A copy made before a crash is not made again by the process that takes the message afterwards.
            duplicate_window=DAY,
            allow_direct=True,
            allow_atomic=True,
        ),
    ]
