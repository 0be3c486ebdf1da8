"""YAML with a line number for each field. It refuses faults that plain YAML accepts.

Refused are a repeated key, an alias that contains itself, a number that YAML reads as another (010 as 8,
1:30 as 90), and a file that is no mapping.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from shared.policy.bounded import within_limits
from shared.policy.problems import Loc, PackProblem, PolicyError

PLAIN = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml parses many times faster, and is not everywhere: without it a service starts a moment later."""

INTEGER = "tag:yaml.org,2002:int"


@dataclass(frozen=True)
class Mark:
    """Place in a file; lines count from 1."""

    file: str
    line: int


@dataclass
class Source:
    """Content of one or more files, the place of each part, and the problems of the files."""

    content: dict[str, Any] = field(default_factory=dict)
    marks: dict[Loc, Mark] = field(default_factory=dict)
    wrong: list[PackProblem] = field(default_factory=list)

    def at(self, loc: Loc) -> Mark:
        """Place of `loc`; for a missing field, the place where it belongs."""
        for length in range(len(loc), -1, -1):
            if found := self.marks.get(loc[:length]):
                return found
        return Mark("pack.yaml", 1)

    def problem(self, loc: Loc, sentence: str) -> PackProblem:
        """Problem at `loc`, with the ids of entries instead of their numbers."""
        mark = self.at(loc)
        return PackProblem(mark.file, mark.line, ".".join(self._names(loc)), sentence)

    def take(self, other: "Source", key: str, to: Loc | None = None) -> None:
        """Take over the places of `key` from another source, under `to` if it has moved."""
        moved = (key,) if to is None else to
        for loc, mark in other.marks.items():
            if loc[:1] == (key,):
                self.marks[moved + loc[1:]] = mark

    def _names(self, loc: Loc) -> Iterator[str]:
        here: Any = self.content
        for step in loc:
            here = _inside(here, step)
            entry = here.get("id") if isinstance(step, int) and isinstance(here, dict) else None
            yield str(step if entry is None else entry)


def _inside(content: Any, step: str | int | date) -> Any:
    if isinstance(content, dict):
        return content.get(step)
    if isinstance(content, list) and isinstance(step, int) and step < len(content):
        return content[step]
    return None


def read(path: Path, name: str) -> Source:
    """Read the mapping in the file `path`, called `name` in its problems.

    Raises `PolicyError` where it cannot be read. Of a repeated key the first value is taken.
    """
    reader = _Reader(name)
    try:
        text = within_limits(path, name, LOADER)
        node = yaml.compose(text, Loader=LOADER)
        content = reader.value(node, ()) if node else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = " ".join(str(error.problem or error.context).split())
        raise PolicyError(
            *reader.wrong, PackProblem(name, line, "", f"is not valid YAML: {problem}")
        ) from error
    except PolicyError as error:
        raise PolicyError(*reader.wrong, *error.problems) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PolicyError(PackProblem(name, 1, "", "cannot be read as YAML in UTF-8")) from error
    if not isinstance(content, dict):
        raise PolicyError(PackProblem(name, 1, "", "must be a mapping of fields, such as `id: my-pack`"))
    return Source(content, reader.marks, reader.wrong)


def _reads_as(written: str, number: int) -> bool:
    """Whether people read the number that YAML reads."""
    digits = written.replace("_", "")
    return digits.lstrip("+-").isdecimal() and int(digits) == number


class _Reader:
    """Turns nodes into values, and notes their lines and what is wrong although it can be read."""

    def __init__(self, file: str) -> None:
        self.marks: dict[Loc, Mark] = {}
        self.wrong: list[PackProblem] = []
        self._file = file
        self._scalars = yaml.constructor.SafeConstructor()
        self._around: list[yaml.Node] = []

    def value(self, node: yaml.Node, loc: Loc) -> Any:
        mark = Mark(self._file, node.start_mark.line + 1)
        self.marks.setdefault(loc, mark)
        if any(node is outer for outer in self._around):
            raise PolicyError(PackProblem(self._file, mark.line, "", "an alias must not contain itself"))
        self._around.append(node)
        try:
            return self._value(node, loc)
        finally:
            self._around.pop()

    def _value(self, node: yaml.Node, loc: Loc) -> Any:
        if not isinstance(node, yaml.ScalarNode) and node.tag not in PLAIN:
            sentence = f"the tag {node.tag} is not plain YAML; allowed are lists and mappings"
            raise PolicyError(PackProblem(self._file, node.start_mark.line + 1, "", sentence))
        if isinstance(node, yaml.MappingNode):
            return dict(self._items(node, loc))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*loc, number)) for number, item in enumerate(node.value)]
        return self._scalar(node, loc)

    def _scalar(self, node: yaml.Node, loc: Loc) -> Any:
        """Scalar value. A value that looks like a date and is none, as 30 February, is refused."""
        line, field = node.start_mark.line + 1, ".".join(map(str, loc))
        try:
            value = self._scalars.construct_object(node)
        except ValueError:
            self.wrong.append(PackProblem(self._file, line, field, f"{node.value!r} is not a date"))
            return None
        if node.tag == INTEGER and not _reads_as(node.value, value):
            sentence = f"YAML reads {node.value} as {value}; write {value}, or put it in quotes"
            self.wrong.append(PackProblem(self._file, line, field, sentence))
        return value

    def _items(self, node: yaml.MappingNode, loc: Loc) -> Iterator[tuple[Hashable, Any]]:
        known: dict[Hashable, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = self._scalar(key_node, loc) if isinstance(key_node, yaml.ScalarNode) else None
            if key is None and any(one.line == line for one in self.wrong):
                continue  # looks like a date and is none, which is reported
            if key is None:
                sentence = "the name of a field must be a word or a number"
                raise PolicyError(PackProblem(self._file, line, "", sentence))
            if key in known:
                sentence = f"is also on line {known[key]}; keep one of them"
                self.wrong.append(PackProblem(self._file, line, ".".join(map(str, (*loc, key))), sentence))
                continue
            known[key] = line
            self.marks[(*loc, key)] = Mark(self._file, line)
            yield key, self.value(value_node, (*loc, key))
