"""Gate: find the faults of a text that the complainant will read. Pure."""

from bisect import bisect_right
from collections.abc import Iterator

from shared.contract.wording import WordingFinding, WordingKind, WordingLevel
from shared.policy.classifiers import file_of
from shared.policy.models import Pack
from shared.wording.judging import Judged
from shared.wording.model import wording_model
from shared.wording.rules import Prepared, Span, prepared
from shared.wording.sentences import Sentence, in_lines, sentences

MOST = 50
"""Most findings that are reported of one text."""


class WordingGate:
    """Rules of one pack, ready for texts. Call `findings` with a text."""

    def __init__(self, pack: Pack) -> None:
        self._rules = prepared(pack)
        self._terms = pack.wording_model
        path = file_of(self._terms.sha256) if self._terms and self._terms.sha256 else None
        self._model = wording_model(path) if path else None
        self._learned = {one.rule.kind: one for one in reversed(self._rules) if one.rule.learned}

    def findings(self, text: str, *, dated: bool = False, field: str | None = None) -> list[WordingFinding]:
        """Faults of the text in the order of its words; `dated`: its promise has a date of its own."""
        parts, found = sentences(text), list[WordingFinding]()
        if not parts:
            return []
        judged = Judged(self._model, parts) if self._model else None
        for rule in self._rules:
            if dated and rule.rule.kind == WordingKind.UNDATED_PROMISE:
                continue
            new = self._by_rule(rule, text, parts, judged, field)
            found += [one for one in new if not any(_same_words(one, known) for known in found)]
        for one in self._by_model(text, parts, judged, field) if judged else ():
            if not ((dated and one.kind == WordingKind.UNDATED_PROMISE) or _known(one, found)):
                found.append(one)
        return sorted(found, key=lambda one: one.start)[:MOST]

    def _by_rule(
        self, rule: Prepared, text: str, parts: list[Sentence], judged: Judged | None, field: str | None
    ) -> Iterator[WordingFinding]:
        """Faults that the expressions of a rule find; the model confirms those of a learned kind."""
        for start, end in _places(rule, text, parts):
            sure = judged.sure(_number_at(parts, start)) if judged and rule.rule.learned else 1.0
            if not self._terms or sure >= self._terms.confirmed_from:
                yield self._finding(rule, text, (start, end), field, sure)

    def _by_model(
        self, text: str, parts: list[Sentence], judged: Judged, field: str | None
    ) -> Iterator[WordingFinding]:
        """Faults that the model finds, each a sentence, under the rule of its kind."""
        assert self._terms
        assert self._model
        for fault in judged.faults(self._terms.reported_from):
            part, rule = parts[fault.number], self._learned.get(fault.kind)
            if rule:
                span = _without_spaces(part)
                because = self._model.because(part.plain, fault.kind)
                yield self._finding(rule, text, span, field, fault.sure, because)

    def _finding(
        self,
        rule: Prepared,
        text: str,
        span: Span,
        field: str | None,
        sure: float,
        because: list[str] | None = None,
    ) -> WordingFinding:
        reason, better = rule.rule.reason, rule.rule.better
        terms, confirmed = self._terms, because is None
        least = 0.0 if not terms else terms.level_confirmed_from if confirmed else terms.level_from
        return WordingFinding(
            kind=rule.rule.kind,
            level=WordingLevel.WARN
            if sure < least and rule.rule.level == WordingLevel.BLOCK
            else rule.rule.level,
            rule=rule.name,
            words=text[span[0] : span[1]].strip(),
            start=span[0],
            end=span[1],
            because=because or [],
            reason=reason["en"],
            reason_zh=reason["zh"],
            better=better["en"],
            better_zh=better["zh"],
            field=field,
        )


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


def _without_spaces(part: Sentence) -> Span:
    before = len(part.plain) - len(part.plain.lstrip())
    return part.start + before, part.start + len(part.plain.rstrip())


def _known(one: WordingFinding, found: list[WordingFinding]) -> bool:
    """Whether a rule or another piece has this fault already: no sentence has two findings of one kind, and
    none of the model beside one of a rule.
    """
    return any(_same_words(one, known) for known in found)


def _same_words(one: WordingFinding, other: WordingFinding) -> bool:
    return one.start < other.end and other.start < one.end
