"""Finds docstrings and comments that are not plain technical English.

Run it as `python -m tests.plain_words shared/clocks`; it lists file, line and fault. With `--names` it lists
names of classes, functions and parameters instead, with `--messages` sentences in strings.

Two rules. A docstring begins with a verb or a noun that names the thing or its work: not with an article, a
pronoun, a preposition or a question word. Docstrings and comments use the field's words, none of `WORDS`.
Names in backticks belong to the code or to the wire and are not checked.
"""

import argparse
import ast
import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]

OPENINGS = re.compile(
    r"\W*(an?|the"
    r"|(what|who|whom|which|how|where|when)(ever)?|whose|why"
    r"|it|its|they|their|them|this|that|these|those|he|she|we|there|here|one|so|such|not"
    r"|is|are|was|were|does|did|has|have|had|in|of|from|at|by|with)\b",
    re.IGNORECASE,
)
"""Words that no docstring begins with."""

WORDS = {
    r"sa(?:y|ys|id|ying)": "publish, answer, state, name",
    r"t(?:ell|ells|old|elling)": "report, notify, answer",
    r"hear(?:s|d|ing)?": "receive, handle",
    r"st(?:and|ands|ood|anding)": "status; be, be stored",
    r"on record": "stored, persisted",
    r"aside": "quarantine",
    r"put(?:s|ting)? away": "encrypt and store",
    r"(?:in|the|waiting) line": "queue",
    r"(?<!no\s)matters?": "complaint, duplicate detection, be relevant",
    r"portraits?": "complaint view",
    r"desks?": "context",
    r"parcels?": "outgoing message",
    r"deeds?": "actor's command",
    r"reckon(?:s|ed|ing|ings)?": "due dates, compute",
    r"ow(?:e|es|ed|ing)": "expected, be due",
    r"(?:who|whom|what)(?:so)?ever": "the owner, the sender … by name",
    r"(?:no|some|any|every)(?:body|one)(?:'s)?": "the owner, the sender … by name",
    r"no one": "the owner, the sender … by name",
    r"ones|one's": "the thing's name",
    r"(?:the|this|that|each|any|every|another|same|next|last|first|new|old|other|right|wrong) one"
    r"(?=[.,;:)]|$|\s(?:that|who|which|is|was|has|of|in|on|at|for|with|from|to|by|or)\b)": "the thing's name",
}
"""Words that are not used, as patterns, each with the words to use instead."""

_PATTERNS = [
    (re.compile(r"(?<![\w-])(?:" + word.replace(" ", r"\s+") + r")(?![\w-])", re.IGNORECASE), instead)
    for word, instead in WORDS.items()
]
_IN_BACKTICKS = re.compile(r"`[^`]*`")
Check = Callable[[str], Iterator[tuple[int, str]]]

_DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_WITH_DOCSTRINGS = (ast.Module, *_DEFINITIONS)
_DIRECTIVE = re.compile(r"#\s*(?:noqa|type:|ruff:|pragma|!)")


@dataclass(frozen=True, order=True)
class Finding:
    """Place in a file where the words are not plain."""

    file: str
    line: int
    fault: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.fault}"


def findings(paths: Iterable[Path], check: Check) -> list[Finding]:
    """Everything that `check` finds in the Python files of these files and directories, in order."""
    files = {file for path in paths for file in (path.rglob("*.py") if path.is_dir() else [path])}
    return sorted(
        Finding(file.resolve().relative_to(ROOT).as_posix(), line, fault)
        for file in files
        for line, fault in check(file.read_text(encoding="utf-8"))
    )


def texts(source: str) -> Iterator[tuple[int, str]]:
    """Line and fault of each docstring and comment of a Python file that is not plain."""
    for line, text in _docstrings(source):
        yield from ((line, fault) for fault in _opening(text))
        yield from _words(line, text)
    for line, text in _comments(source):
        yield from _words(line, text)


def names(source: str) -> Iterator[tuple[int, str]]:
    """Line and fault of each class, function and parameter whose name has a word of the table."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, _DEFINITIONS):
            name = node.name
        elif isinstance(node, (ast.arg, ast.keyword)) and node.arg:
            name = node.arg
        else:
            continue
        spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", " ", name)
        yield from ((node.lineno, f"{name}: {fault}") for _, fault in _words(1, spaced))


def messages(source: str) -> Iterator[tuple[int, str]]:
    """Line and fault of each sentence for people in the strings of a Python file."""
    tree = ast.parse(source)
    described = {id(value) for value in _described(tree)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in described:
            continue
        if isinstance(node.value, str) and " " in node.value.strip():
            yield from ((node.lineno, fault) for _, fault in _words(1, node.value))


def _docstrings(source: str) -> Iterator[tuple[int, str]]:
    """Docstrings of modules, classes, functions and attributes, each with its first line."""
    yield from ((value.lineno, str(value.value)) for value in _described(ast.parse(source)))


def _described(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        for statement in node.body if isinstance(node, _WITH_DOCSTRINGS) else []:
            value = statement.value if isinstance(statement, ast.Expr) else None
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value


def _comments(source: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and not _DIRECTIVE.match(token.string):
            yield token.start[0], token.string


def _opening(docstring: str) -> Iterator[str]:
    """Fault of the first word. A docstring may begin with a name in backticks."""
    if docstring.lstrip().startswith("`"):
        return
    if opening := OPENINGS.match(docstring):
        yield f'begins with "{opening.group().strip()}": begin with a verb or a noun'


def _words(first_line: int, text: str) -> Iterator[tuple[int, str]]:
    """Words of the table that the text has outside of backticks."""
    plain = _IN_BACKTICKS.sub(lambda span: re.sub(r"[^\n]", "`", span.group()), text)
    for pattern, instead in _PATTERNS:
        for found in pattern.finditer(plain):
            words = " ".join(found.group().split())
            yield first_line + plain.count("\n", 0, found.start()), f'"{words}": rather {instead}'


def main() -> int:
    """Print the findings of the named paths; exit status 1 if there is any."""
    parser = argparse.ArgumentParser(prog="python -m tests.plain_words", description=__doc__)
    parser.add_argument(
        "paths", nargs="*", type=Path, default=[Path("services"), Path("shared"), Path("deploy")]
    )
    parser.add_argument("--names", action="store_true", help="names instead of docstrings and comments")
    parser.add_argument("--messages", action="store_true", help="sentences in strings instead")
    given = parser.parse_args()
    check = names if given.names else messages if given.messages else texts
    found = findings(given.paths, check)
    print("\n".join(map(str, found)))
    print(f"{len(found)} findings", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
