"""Rates (三率): their definitions and their numbers. Pure.

A complaint that was merged into another (it closed as `merged`) counts in none of them. Its facts before
the merger do not count either: it is counted once, with its survivor. A submission that joined another
complaint on arrival never was a complaint of its own.

The same counts come from the tables (`Store.counts`) and from the stream of facts (`count_facts`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.contract.events import (
    Closed,
    DeadlineBreached,
    DeadlineCancelled,
    DeadlineFact,
    DeadlineMet,
    Fact,
    FactHeader,
    SatisfactionRecorded,
)
from shared.contract.queries import Rate, Rates
from shared.contract.values import Outcome
from shared.policy.models import Pack

RELEASED = "released"
"""Reason for which a rule was cancelled when a second person released it, not the complainant."""

RESPONSE = (
    "Response rate: complaints whose first substantive response came within the response rule of their "
    "policy ({rule} in the policy in force), divided by complaints whose response rule has ended, met or "
    "breached. Only the first cycle of a complaint counts; a response after the breach does not. "
    "A rule that staff released with a second person counts as ended "
    "without a response; a rule that the complainant released does not count. "
    "Complaints merged into another do not count."
)
RESOLUTION = (
    "Resolution rate: complaints whose complainant answered, when last asked, that it is resolved, "
    "divided by complaints whose complainant has answered. Complaints merged into another do not count."
)
SATISFACTION = (
    "Satisfaction rate: complaints whose complainant answered, when last asked, that it is resolved and "
    "rated it well enough for the policy that the complaint was opened under ({satisfied_from} or better of "
    "5 overall in the policy in force), divided by complaints whose complainant has answered. "
    "Complaints merged into another do not count."
)


@dataclass(frozen=True)
class Counts:
    """Numbers of complaints."""

    responded_in_time: int = 0
    response_ended: int = 0
    resolved: int = 0
    satisfied: int = 0
    answered: int = 0


@dataclass(frozen=True)
class RateTerms:
    """Terms of the rates in the policy in force: its response rule in words, and the verdicts that count as
    satisfied.
    """

    rule: str
    satisfied_from: int


def terms_of(pack: Pack) -> RateTerms:
    """Terms of a pack; `no rule` where it names no response rule."""
    named = (one for one in pack.obligations if one.id == pack.response_rule)
    rule = next((f"{one.title.get('en', one.id)}: {one.id}" for one in named), "no rule")
    return RateTerms(rule, pack.callbacks.satisfied_from)


def rates(counts: Counts, terms: RateTerms) -> Rates:
    """Rates with their definitions; a rate without cases is absent."""
    response = RESPONSE.format(rule=terms.rule)
    satisfaction = SATISFACTION.format(satisfied_from=terms.satisfied_from)
    return Rates(
        response=_rate(counts.responded_in_time, counts.response_ended, response),
        resolution=_rate(counts.resolved, counts.answered, RESOLUTION),
        satisfaction=_rate(counts.satisfied, counts.answered, satisfaction),
    )


def response_in_time(header: FactHeader, fact: Fact, rule: str | None) -> bool | None:
    """Whether this fact reports that the response rule was met or breached; None if it reports neither.

    `rule` is the obligation that the complaint's policy names as its response rule.

    A late answer changes nothing, since the breach was reported before. A receipt that turns out to be
    earlier may breach a rule that was met before. Nothing takes a breach back.
    """
    if header.cycle != 1 or not isinstance(fact, DeadlineFact) or fact.obligation != rule:
        return None
    if isinstance(fact, DeadlineBreached):
        return False
    if isinstance(fact, DeadlineMet):
        return None if fact.late else True
    if isinstance(fact, DeadlineCancelled):
        return False if fact.reason == RELEASED else None
    return None


def count_facts(facts: Iterable[tuple[FactHeader, Fact]], rules: Mapping[str, str | None]) -> Counts:
    """Counts of any facts, in any order and with repetitions.

    `rules` are the response rules of the policies by their hashes.
    """
    responses: dict[str, bool] = {}
    answers: dict[str, tuple[int, SatisfactionRecorded]] = {}
    merged: set[str] = set()
    for header, fact in facts:
        in_time = response_in_time(header, fact, rules.get(header.policy.hash))
        if in_time is not None:
            responses[header.complaint_id] = in_time and responses.get(header.complaint_id, True)
        if isinstance(fact, Closed) and fact.outcome == Outcome.MERGED:
            merged.add(header.complaint_id)
        if isinstance(fact, SatisfactionRecorded):
            last = answers.get(header.complaint_id)
            if last is None or header.cycle >= last[0]:
                answers[header.complaint_id] = (header.cycle, fact)
    verdicts = [verdict for complaint, (_, verdict) in answers.items() if complaint not in merged]
    counted = [in_time for complaint, in_time in responses.items() if complaint not in merged]
    return Counts(
        responded_in_time=sum(counted),
        response_ended=len(counted),
        resolved=sum(verdict.resolved for verdict in verdicts),
        satisfied=sum(bool(verdict.satisfied) for verdict in verdicts),
        answered=len(verdicts),
    )


def _rate(numerator: int, denominator: int, definition: str) -> Rate:
    rate = round(numerator / denominator, 4) if denominator else None
    return Rate(numerator=numerator, denominator=denominator, rate=rate, definition=definition)
