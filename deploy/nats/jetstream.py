"""The JetStream subjects behind each thing that a user may do with a stream.

In a permission a `*` stands for a whole token, so "any consumer but the services' own" takes an
allowance for every name and a denial (`keep_off`) of each durable.
"""

from shared.contract.consumers import DURABLES, Durable
from shared.contract.subjects import Service

API = "$JS.API"


def _acks(stream: str, consumer: str) -> list[str]:
    """Acknowledgements in both forms: the old one, and the one that also names domain and account."""
    return [f"$JS.ACK.{stream}.{consumer}.>", f"$JS.ACK.*.*.{stream}.{consumer}.>"]


def look_up(stream: str) -> list[str]:
    """Get single facts by subject or sequence, and ask how the stream is."""
    return [
        f"{API}.STREAM.INFO.{stream}",
        f"{API}.DIRECT.GET.{stream}",
        f"{API}.DIRECT.GET.{stream}.>",
    ]


def count(stream: str) -> str:
    """Ask how many messages a stream holds under which subjects, and read none."""
    return f"{API}.STREAM.INFO.{stream}"


def use(durable: Durable) -> list[str]:
    """Fetch from an existing durable and acknowledge; its settings belong to `deploy`."""
    return [
        f"{API}.STREAM.INFO.{durable.stream}",
        f"{API}.CONSUMER.INFO.{durable.stream}.{durable.name}",
        f"{API}.CONSUMER.MSG.NEXT.{durable.stream}.{durable.name}",
        *_acks(durable.stream, durable.name),
    ]


def _own_consumers(stream: str) -> list[str]:
    return [
        f"{API}.CONSUMER.INFO.{stream}.*",
        f"{API}.CONSUMER.DELETE.{stream}.*",
        f"{API}.CONSUMER.MSG.NEXT.{stream}.*",
        f"$JS.FC.{stream}.>",
        f"$JS.FC.*.*.{stream}.>",
        *_acks(stream, "*"),
    ]


def read(stream: str) -> list[str]:
    """Read with consumers of one's own: ephemeral, ordered or durable, pull or push.

    Each has to be named by its reader. The oldest form of creation has no name in its subject, and there
    the server takes one from the body, even that of somebody else's durable, and changes that.
    """
    return [
        f"{API}.STREAM.NAMES",
        f"{API}.CONSUMER.CREATE.{stream}.>",
        f"{API}.CONSUMER.DURABLE.CREATE.{stream}.*",
        *_own_consumers(stream),
    ]


def delete_messages(stream: str) -> str:
    """Delete single messages."""
    return f"{API}.STREAM.MSG.DELETE.{stream}"


def read_only(stream: str, subject: str) -> list[str]:
    """Read one subject with consumers of one's own.

    Only the form of creation that carries the filter in its subject is allowed: the server refuses a
    request whose body says another filter.
    """
    return [
        f"{API}.STREAM.NAMES",
        f"{API}.CONSUMER.CREATE.{stream}.*.{subject}",
        *_own_consumers(stream),
    ]


def declare(durable: Durable) -> list[str]:
    """Create, change or delete this durable."""
    return [
        f"{API}.CONSUMER.CREATE.{durable.stream}.{durable.name}",
        f"{API}.CONSUMER.CREATE.{durable.stream}.{durable.name}.>",
        f"{API}.CONSUMER.DURABLE.CREATE.{durable.stream}.{durable.name}",
        f"{API}.CONSUMER.DELETE.{durable.stream}.{durable.name}",
    ]


def keep_off(service: Service | None = None) -> list[str]:
    """Denials for whoever has consumers of their own: the durables of every other service."""
    others = [durable for durable in DURABLES if durable.service != service]
    return [subject for durable in others for subject in [*declare(durable), *use(durable)[1:]]]


def provision(stream: str) -> list[str]:
    """Create and update a stream and its consumers; deleting either stays with people."""
    return [
        f"{API}.STREAM.CREATE.{stream}",
        f"{API}.STREAM.UPDATE.{stream}",
        f"{API}.STREAM.INFO.{stream}",
        f"{API}.CONSUMER.INFO.{stream}.*",
        f"{API}.CONSUMER.CREATE.{stream}.>",
        f"{API}.CONSUMER.DURABLE.CREATE.{stream}.*",
    ]
