"""Every subject, stream and durable consumer name."""

from enum import StrEnum

from nats.js.api import RetentionPolicy, StreamConfig

PREFIX = "complaints.v1"

SUBMIT = f"{PREFIX}.submit"
EVENT = f"{PREFIX}.event"
COMMAND = f"{PREFIX}.command"
QUERY = f"{PREFIX}.query"
QUARANTINE = f"{PREFIX}.quarantine"
DEADLETTER = f"{PREFIX}.deadletter"
REDELIVER = f"{PREFIX}.redeliver"

FROM = f"{PREFIX}.from"
"""Inside the house, what a client sends arrives here: `complaints.v1.from.<client>.submit.web`."""

HOUSE = "admin"
"""The speaker of what arrives without a client's name: the house account's own administrator."""

ERASURE = f"{PREFIX}.erasure"
KEYS = f"{PREFIX}.keys"
REBUILD = f"{PREFIX}.rebuild"
REUSED = f"{PREFIX}.reused.intake"
HEALTH = f"{PREFIX}.health"
PROBE = f"{PREFIX}.probe"
"""Between our own parts, so the generated contract leaves them out: nobody outside may rely on them."""

INBOX = "_INBOX"
"""Where every NATS client library lets replies come by default."""

RELAYED_REPLY = "_R_."
"""How the reply subject begins that the server gives a request from another account."""

SUBMIT_STREAM = "COMPLAINTS_SUBMIT"
EVENTS_STREAM = "COMPLAINTS_EVENTS"
QUARANTINE_STREAM = "COMPLAINTS_QUARANTINE"

DAY = 24 * 3600.0
DUPLICATE_WINDOW_SECONDS = 120.0

SUBMIT_DUPLICATE_WINDOW_SECONDS = 0.1
"""The least that a server takes: two senders may use one `Nats-Msg-Id`. Intake knows repeats by itself."""


class Service(StrEnum):
    """The three services; the word also stands in event ids, sources and text references."""

    INTAKE = "intake"
    ROUTING = "routing"
    FOLLOWUP = "followup"


class Channel(StrEnum):
    """The last token of a submission's subject: how the complainant came to us."""

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
    """Where the house receives what `client` sends on `subject`."""
    return f"{FROM}.{client}.{subject.removeprefix(f'{PREFIX}.')}"


def spoken_by(subject: str) -> tuple[str, str]:
    """The client that sent a message, and the subject that it sent it on."""
    if not subject.startswith(f"{FROM}."):
        return HOUSE, subject
    client, _, rest = subject.removeprefix(f"{FROM}.").partition(".")
    return client, f"{PREFIX}.{rest}"


def timeline(complaint_id: str) -> str:
    """The filter that yields all facts of one complaint."""
    return event("*", complaint_id)


def every(name: str) -> str:
    """The filter that yields one kind of fact of all complaints."""
    return event(name, "*")


def command(verb: str) -> str:
    return f"{COMMAND}.{verb}"


def query(name: str) -> str:
    return f"{QUERY}.{name}"


def erasure(service: str) -> str:
    """Where intake, and nobody else, asks a service to destroy the texts of a complaint."""
    return f"{ERASURE}.{service}"


def keys(service: str) -> str:
    """Where a service is asked how many of its texts' keys are still wrapped by a former master key."""
    return f"{KEYS}.{service}"


def health(service: str) -> str:
    """Where every process of a service is asked how it is."""
    return f"{HEALTH}.{service}"


def probe(stream: str) -> str:
    """What a stream is sent to see whether it stores: no consumer reads it, and it is gone soon.

    The quarantine has none: its readers count what is there before they read.
    """
    return f"{PROBE}.{stream.rsplit('_', 1)[-1].lower()}"


def rebuild(service: str) -> str:
    """Where an administrator, and nobody else, asks a service to rebuild what a lost store held."""
    return f"{REBUILD}.{service}"


def inbox_prefix(user: str) -> str:
    """Replies to a user of its own come here, where no other may listen."""
    return f"{INBOX}_{user}"


def quarantine(reason: str) -> str:
    return f"{QUARANTINE}.{reason}"


def deadletter(service: str) -> str:
    return f"{DEADLETTER}.{service}"


def redeliver(service: str) -> str:
    return f"{REDELIVER}.{service}"


def streams() -> list[StreamConfig]:
    """The three streams of the contract; `deploy` creates and updates them, services never do."""
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
            # A copy that was made before a crash is not made again by whoever takes the message after it.
            duplicate_window=DAY,
            allow_direct=True,
            allow_atomic=True,
        ),
    ]
