"""Gate: find the faults of a text that the complainant will read. Pure."""

from bisect import bisect_right
from collections.abc import Iterator

from shared.contract.wording import WordingFinding, WordingKind, WordingLevel
from shared.policy.models import Pack
from shared.wording.rules import Prepared, Span, prepared
from shared.wording.sentences import Sentence, in_lines, sentences

MOST = 50
"""Most findings that are reported of one text."""


class WordingGate:
    """Rules of one pack, ready for texts. Call `findings` with a text."""

    def __init__(self, pack: Pack) -> None:
        self._rules = prepared(pack)

    def findings(self, text: str, *, dated: bool = False, field: str | None = None) -> list[WordingFinding]:
        """Faults of the text in the order of its words; `dated`: its promise has a date of its own."""
        parts, found = sentences(text), list[WordingFinding]()
        if not parts:
            return []
        for rule in self._rules:
            if dated and rule.rule.kind == WordingKind.UNDATED_PROMISE:
                continue
            new = [_finding(rule, text, start, end, field) for start, end in _places(rule, text, parts)]
            found += [one for one in new if not any(_same_words(one, known) for known in found)]
        return sorted(found, key=lambda one: one.start)[:MOST]


def blocking(findings: list[WordingFinding]) -> list[WordingFinding]:
    """Findings that keep the text from being sent."""
    return [one for one in findings if one.level == WordingLevel.BLOCK]


def _places(rule: Prepared, text: str, parts: list[Sentence]) -> list[Span]:
    """Places of a rule's fault in the text, each once."""
    found = sorted({*_in_sentences(rule, parts, in_lines(text)), *_numbers(rule, text)})
    merged = list[Span]()
    for start, end in found:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged if len(merged) >= rule.rule.at_least else []


def _in_sentences(rule: Prepared, parts: list[Sentence], plain: str) -> Iterator[Span]:
    """Places of the fault in the sentences that may have it, found by one search of the whole text."""
    for number in sorted({_number_at(parts, place) for span in rule.candidates(plain) for place in span}):
        part = parts[number]
        hits = list(rule.hits(part.plain))
        if hits and not rule.outweighed(one.plain for one in parts[max(0, number - 1) : number + 2]):
            yield from ((part.start + start, part.start + end) for start, end in hits)


def _number_at(parts: list[Sentence], place: int) -> int:
    """Number of the sentence at this place of the text."""
    return max(0, bisect_right(parts, place, key=lambda part: part.start) - 1)


def _numbers(rule: Prepared, text: str) -> Iterator[Span]:
    if rule.numbers and rule.numbers(text) != text:
        yield from rule.numbers.places(text)


def _finding(rule: Prepared, text: str, start: int, end: int, field: str | None) -> WordingFinding:
    reason, better = rule.rule.reason, rule.rule.better
    return WordingFinding(
        kind=rule.rule.kind,
        level=rule.rule.level,
        rule=rule.name,
        words=text[start:end].strip(),
        start=start,
        end=end,
        reason=reason["en"],
        reason_zh=reason["zh"],
        better=better["en"],
        better_zh=better["zh"],
        field=field,
    )


def _same_words(one: WordingFinding, other: WordingFinding) -> bool:
    return one.start < other.end and other.start < one.end
