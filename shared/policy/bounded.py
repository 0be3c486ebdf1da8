"""Limits of a policy file: bytes, depth, and values once every alias is expanded.

Twelve lines of anchors can expand to millions of values. So a file is read event by event first, which
takes time in proportion to its bytes. It is refused before anything is built from it.
"""

import errno
from pathlib import Path
from typing import Any

import yaml

from shared.named_file import Unreadable, read_named_text
from shared.policy.problems import PackProblem, PolicyError

MOST_BYTES = 1 << 20
DEEPEST = 50
MOST_VALUES = 50_000
LONGEST = 20_000
"""Bytes of a file, levels, values with aliases written out, characters of one value. No pack comes near."""


def within_limits(path: Path, name: str, loader: Any) -> str:
    """Text of the file. Raises `PolicyError` where a limit is passed."""
    try:
        text = read_named_text(path, MOST_BYTES)
    except Unreadable as error:
        raise PolicyError(PackProblem(name, 1, "", _why_not(error))) from None
    counting = _Counting(name)
    for event in yaml.parse(text, Loader=loader):
        counting.take(event)
    return text


def _why_not(error: Unreadable) -> str:
    if error.errno == errno.EFBIG:
        return f"is too large; a file may have {MOST_BYTES} bytes"
    return (
        "cannot be read as YAML in UTF-8" if error.errno == errno.EILSEQ else f"cannot be read: {error.why}"
    )


class _Counting:
    """Totals of the events read so far. `values` has an entry for each open list or mapping."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._values = [0]
        self._anchors: list[str | None] = [None]
        self._sizes: dict[str, int] = {}

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.CollectionStartEvent):
            self._values.append(1)
            self._anchors.append(event.anchor)
            if len(self._values) > DEEPEST + 1:
                sentence = f"lists and mappings lie in each other too deep; allowed are {DEEPEST} levels"
                raise PolicyError(PackProblem(self._name, line, "", sentence))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._add(self._values.pop(), self._anchors.pop(), line)
        elif isinstance(event, yaml.AliasEvent):
            self._add(self._sizes.get(event.anchor or "", 1), None, line)
        elif isinstance(event, yaml.ScalarEvent):
            if len(event.value) > LONGEST:
                sentence = f"a value is too long; allowed are {LONGEST} characters"
                raise PolicyError(PackProblem(self._name, line, "", sentence))
            self._add(1, event.anchor, line)

    def _add(self, values: int, anchor: str | None, line: int) -> None:
        if anchor is not None:
            self._sizes[anchor] = values
        self._values[-1] += values
        if self._values[-1] > MOST_VALUES:
            sentence = f"there are too many values, with aliases written out; allowed are {MOST_VALUES}"
            raise PolicyError(PackProblem(self._name, line, "", sentence))
