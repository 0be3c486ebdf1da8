"""Messages that wait their turn: each source has one taken before any source has its next.

A source keeps the order of its own messages. A source that comes anew is after those that wait already.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator

from nats.aio.msg import Msg

SourceOf = Callable[[Msg], str]
"""Source of a message, or what takes a turn in its place."""


class Turns:
    """Queue of messages, read like a `deque`, that takes turns over sources."""

    def __init__(self, source_of: SourceOf) -> None:
        self._source_of = source_of
        self._lines: OrderedDict[str, deque[Msg]] = OrderedDict()
        self._count = 0

    def append(self, message: Msg) -> None:
        """Put the message after those of its source."""
        self._lines.setdefault(self._source_of(message), deque()).append(message)
        self._count += 1

    def popleft(self) -> Msg:
        """Take the oldest message of the source whose turn it is."""
        source, line = next(iter(self._lines.items()))
        message = line.popleft()
        self._count -= 1
        if line:
            self._lines.move_to_end(source)
        else:
            del self._lines[source]
        return message

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Msg]:
        return (message for line in self._lines.values() for message in line)
