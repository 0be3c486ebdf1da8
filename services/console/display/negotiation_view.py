"""Story of a negotiation for people, in one language: rounds, concessions, standards, and the reserve."""

from collections.abc import Iterator, Mapping

from services.console.display import negotiation_words as words
from services.console.display.durations import instant_text
from services.console.display.languages import Language
from services.console.display.wording import FACTS, STAGES, label
from shared.contract.queries import ConcessionSlope, Negotiation, Round
from shared.contract.values import Money

Titles = Mapping[str, Mapping[str, str]]
"""Title of each remedy, by language."""

NO_TITLES: Titles = {}


def negotiation_story(found: Negotiation, language: Language, titles: Titles = NO_TITLES) -> list[str]:
    """Lines of the story; each part has a heading. `titles` of the policy name the remedies in words."""
    return list(_Story(found, language, titles).lines())


class _Story:
    """Writes one negotiation in one language."""

    def __init__(self, found: Negotiation, language: Language, titles: Titles) -> None:
        self._found = found
        self._titles = titles
        self._language: Language = language

    def lines(self) -> Iterator[str]:
        found = self._found
        stage = label(STAGES, found.stage)[self._language == "zh"]
        yield self._write(words.TITLE, complaint=found.complaint_id, cycle=found.cycle)
        yield self._write(words.STAGE, stage=stage, owner=found.owner, position=found.position)
        yield self._write(words.RESPONDED if found.responded else words.NOT_RESPONDED)
        yield from self._part(words.INTERESTS, self._interests())
        yield from self._part(words.ROUNDS, self._rounds())
        yield from self._part(words.CONCESSIONS, (self._slope(one) for one in found.slopes))
        yield from self._part(words.STANDARDS, self._standards())
        yield from self._part(words.APPROVALS, self._approvals())
        yield from self._part(words.CHANGES, self._changes())
        yield from self._part(words.AGREEMENT, self._agreement())
        yield from self._part(words.RESERVE, self._reserve())

    def _write(self, phrase: words.Phrase, **values: object) -> str:
        return phrase.filled(self._language, **values)

    def _part(self, title: words.Phrase, lines: Iterator[str]) -> Iterator[str]:
        """Heading with its lines; nothing without a line."""
        listed = list(lines)
        if listed:
            yield ""
            yield self._write(title)
            yield from (f"  {line}" for line in listed)

    def _interests(self) -> Iterator[str]:
        for one in self._found.interests:
            sure = words.CONFIRMED if one["confirmed"] else words.UNCONFIRMED
            party = self._write(words.PARTIES[one["party"]])
            need = words.NEEDS.get(one["interest"])
            interest = self._write(need) if need else one["interest"]
            yield self._write(words.INTEREST, party=party, interest=interest, confirmed=self._write(sure))
        if not self._found.interests:
            yield self._write(words.NO_INTEREST)

    def _rounds(self) -> Iterator[str]:
        yield from (self._round(one) for one in self._found.rounds)
        if not self._found.rounds:
            yield self._write(words.NO_ROUND)

    def _round(self, one: Round) -> str:
        phrase = self._write(
            words.ROUND,
            round=one.round,
            at=instant_text(one.made_at),
            who=one.made_by,
            terms=self._terms(one.remedy, one.amount),
            standards=", ".join(f"{ref.id} {ref.version}" for ref in one.standards),
            expires=instant_text(one.expires_at),
        )
        return phrase + self._concession(one) + self._end(one)

    def _concession(self, one: Round) -> str:
        if one.concession is None:
            return ""
        step = one.concession.amount
        phrase = words.SAME if step == 0 else words.MORE if step > 0 else words.LESS
        return self._write(phrase, amount=f"{abs(step)} {one.concession.currency}")

    def _end(self, one: Round) -> str:
        text = self._write(words.ENDS[one.status], at=instant_text(one.ended_at))
        if one.counter:
            text += self._write(words.COUNTER, terms=self._terms(one.counter.remedy, one.counter.amount))
        return text + (self._write(words.NEXT, option=one.next_option_id) if one.next_option_id else "")

    def _slope(self, one: ConcessionSlope) -> str:
        side = self._write(words.SIDES[one.side])
        if one.per_round is None:
            return self._write(words.ONE_AMOUNT, side=side, first=_money(one.first))
        return self._write(
            words.SLOPE,
            side=side,
            first=_money(one.first),
            last=_money(one.last),
            rounds=one.rounds,
            slope=one.per_round,
            currency=one.currency,
        )

    def _standards(self) -> Iterator[str]:
        for one in self._found.standards:
            title = (one.title or {}).get(self._language, "—")
            phrase = {"id": one.id, "version": one.version, "title": title, "source": one.source or "—"}
            yield self._write(words.STANDARD, **phrase)

    def _approvals(self) -> Iterator[str]:
        for one in self._found.approvals:
            status = self._write(words.STATUSES[one["status"]])
            yield self._write(words.APPROVAL, id=one["request_id"], to=one["to"], status=status)

    def _changes(self) -> Iterator[str]:
        for one in self._found.changes:
            what = self._write(words.WHAT[one["what"]])
            yield self._write(words.CHANGE, what=what, at=str(one["at"])[:16].replace("T", " ") + "Z")

    def _agreement(self) -> Iterator[str]:
        for terms in self._found.agreements:
            cited = ", ".join(f"{ref.id} {ref.version}" for ref in terms.standards)
            yield self._write(words.AGREED, terms=self._terms(terms.remedy, terms.amount), standards=cited)
        for one in self._found.actions:
            done = words.LET_GO if one.get("released") else words.DONE if one["done"] else words.UNDONE
            due = str(one["due"])[:16].replace("T", " ") + "Z"
            phrase = {"action": one["action_id"], "what": one["what"], "due": due, "done": self._write(done)}
            yield self._write(words.ACTION, **phrase)
        if self._found.ending:
            text = label(FACTS, self._found.ending)[self._language == "zh"]
            yield self._write(words.ENDING, ending=text)

    def _reserve(self) -> Iterator[str]:
        kept = self._found.reserve
        if kept is None:
            yield self._write(words.HIDDEN)
            return
        for one in kept.options:
            yield self._write(words.LEFT, terms=self._terms(one.remedy, one.amount), option=one.option_id)
        if not kept.options:
            yield self._write(words.NOTHING_LEFT)
        limits = ", ".join(f"{limit} {currency}" for currency, limit in kept.limits.items())
        yield self._write(words.LIMITS if limits else words.NO_LIMITS, limits=limits)

    def _terms(self, remedy: str, amount: Money | None) -> str:
        """Remedy in the words of the policy, in small letters within an English sentence, and its amount."""
        title = self._titles.get(remedy, {}).get(self._language)
        named = title[:1].lower() + title[1:] if title else remedy
        return f"{named} {_money(amount)}" if amount else named


def _money(amount: Money) -> str:
    return f"{amount.value} {amount.currency}"
