"""Rules of a pack, prepared for searching. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from shared.masking.masker import Masker
from shared.policy.models import Pack
from shared.policy.patterns import Pattern, compiled, is_pattern
from shared.policy.wording_rules import WordingRule

Span = tuple[int, int]


@dataclass(frozen=True)
class Prepared:
    """Rule with its expressions compiled; `outweighed_by` are those of the list that `without` names."""

    name: str
    rule: WordingRule
    find: list[Pattern]
    spare: list[Pattern]
    outweighed_by: list[Pattern]
    numbers: Masker | None

    def candidates(self, plain: str) -> Iterator[Span]:
        """First and last place of what may be the fault, in a text with a sentence in each line."""
        for pattern in self.find:
            yield from ((start, end - 1) for start, end in pattern.spans(plain))

    def hits(self, plain: str) -> Iterator[Span]:
        """Places of the fault in a sentence."""
        for pattern in self.spare:
            plain = _blank(plain, pattern.spans(plain))
        for pattern in self.find:
            yield from pattern.spans(plain)

    def outweighed(self, around: Iterable[str]) -> bool:
        """Whether these sentences have what takes the fault away, such as a date."""
        return any(pattern.hits(plain) for plain in around for pattern in self.outweighed_by)


def prepared(pack: Pack) -> list[Prepared]:
    """Rules of the pack in its order: of two faults in the same words, the earlier rule counts."""
    lists = {name: _compiled(entries) for name, entries in pack.wording_expressions.items()}
    return [_prepared(name, rule, lists) for name, rule in pack.wording.items()]


def _prepared(name: str, rule: WordingRule, lists: Mapping[str, list[Pattern]]) -> Prepared:
    outweighed_by = lists[rule.without] if rule.without else []
    numbers = Masker(rule.numbers) if rule.numbers else None
    return Prepared(name, rule, _compiled(rule.find), _compiled(rule.spare), outweighed_by, numbers)


def _compiled(entries: Iterable[str]) -> list[Pattern]:
    return [compiled(_written(entry)) for entry in entries]


def _written(entry: str) -> str:
    """English words match as whole words; Chinese words and patterns match as they are written."""
    return rf"\b{entry}\b" if entry.isascii() and not is_pattern(entry) else entry


def _blank(plain: str, spans: Iterable[Span]) -> str:
    """Sentence with the spans blanked, so that the places of the rest stay."""
    signs = list(plain)
    for start, end in spans:
        signs[start:end] = "\0" * (end - start)
    return "".join(signs)
