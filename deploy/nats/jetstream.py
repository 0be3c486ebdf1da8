"""JetStream subjects for each operation of a user on a stream."""

from shared.contract.consumers import Durable

API = "$JS.API"

ACCOUNT = f"{API}.INFO"
"""First request of a client library: whether there is JetStream. Its answer also shows how much the house
stores.
"""


def several_replies(stream: str) -> list[str]:
    """Prefixes of requests that several messages may answer."""
    return [f"{API}.CONSUMER.MSG.NEXT.{stream}.", f"{API}.DIRECT.GET.{stream}"]


def _acks(stream: str, consumer: str) -> list[str]:
    """Acknowledgements in both forms: the older form, and the form that also names domain and account."""
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
    """Read with consumers of the reader's own: ephemeral, ordered or durable, pull or push.

    Each has to be named by its reader. The oldest form of creation has no name in its subject. There the
    server takes the name from the body, even that of another reader's durable, and changes that durable.
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


def purge(stream: str) -> str:
    """Delete the messages of a subject, or all."""
    return f"{API}.STREAM.PURGE.{stream}"


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
