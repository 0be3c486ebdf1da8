"""The JetStream subjects behind each thing that a user may do with a stream."""

from shared.contract.consumers import Durable

API = "$JS.API"

ACCOUNT = f"{API}.INFO"
"""What a client library asks first: whether there is JetStream. It tells how much the house stores."""


def several_replies(stream: str) -> list[str]:
    """How the requests begin to which several messages may come."""
    return [f"{API}.CONSUMER.MSG.NEXT.{stream}.", f"{API}.DIRECT.GET.{stream}"]


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
