"""Contradictions inside a pack that its single fields cannot show: where each lies, and a sentence."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from unicodedata import normalize

from shared.clocks.amounts import Clock
from shared.clocks.calendar import Calendar
from shared.contract.events import FACTS, CaseEnded, DeadlineFact, FromRouting
from shared.policy.ladders import ladder_problems, unheard
from shared.policy.models import Limits, Pack, lies_in
from shared.policy.money import money_problems
from shared.policy.obligation import Obligation
from shared.policy.patterns import BadPattern, compiled, is_pattern
from shared.policy.problems import Loc
from shared.policy.redress import redress_problems
from shared.policy.roster_checks import roster_problems
from shared.policy.schemes import scheme_problems
from shared.policy.standards import standard_problems
from shared.policy.templates import notice_problems

Found = Iterator[tuple[Loc, str]]

ENDS = {"resolved", "withdrawn", "referred"}
HEARD = {
    name
    for name, f in FACTS.items()
    if issubclass(f, FromRouting) and not issubclass(f, DeadlineFact | CaseEnded)
}
STARTS = sorted((HEARD - ENDS) | {"received", "notice"})
"""Facts that start a clock: the receipt, and the facts that routing publishes while the complaint is open."""
MEETS = sorted(HEARD | {"notice"})
"""Facts that meet an obligation: those that routing publishes, and notices to the complainant."""

DAY_CLOCKS = [clock for clock in Clock if clock.counts_days]
_NO_DAYS = re.compile(r"(?=.)(?:0+w)?(?:0+d)?|0+")

SMALL = ("approval", "transfer", "action", "feedback", "inform", "signature", "task")

OWN_CLOCKS = ("action-", "approval-", "feedback-", "inform-", "promise-", "signature-", "task-", "transfer-")
"""Prefixes of the smaller clocks' names; no obligation may begin with one of them."""


def contradictions(pack: Pack, calendar: Calendar | None, calendars: Mapping[str, Calendar | None]) -> Found:
    """Everything in the pack that contradicts something else in it; `calendars` are the regimes' by id.

    A calendar that could not be made is None: then no time is compared by it.
    """
    yield from roster_problems(pack)
    yield from notice_problems(pack)
    yield from money_problems(pack)
    yield from redress_problems(pack.redress)
    yield from _registers(pack)
    yield from _record(pack)
    yield from scheme_problems(pack.schemes)
    yield from _patterns(pack)
    yield from _limits(pack.limits, pack.rungs)
    for loc, sentence in ladder_problems(pack.callbacks.ladder, pack.rungs):
        yield ("callbacks", *loc), sentence
    wrong = [*_obligations(pack, calendar, calendars)]
    yield from wrong or _response_rule(pack)
    yield from standard_problems(pack)
    fields = ("remedies", "teams", "staff", "departments", "levels", "shifts", "questions")
    for field in fields:
        yield from _twice(field, [one.id for one in getattr(pack, field)])


def _obligations(pack: Pack, calendar: Calendar | None, calendars: Mapping[str, Calendar | None]) -> Found:
    for number, obligation in enumerate(pack.obligations):
        own = (*_obligation(obligation, pack.rungs, calendar, calendars), *_silent(obligation, pack))
        for loc, sentence in own:
            yield ("obligations", number, *loc), sentence
    yield from _twice("obligations", [one.id for one in pack.obligations])


def _response_rule(pack: Pack) -> Found:
    """Check that the response rate counts an existing obligation, which a response meets.

    Nothing is reported where the obligation itself is wrong, since that must be corrected first.
    """
    if pack.response_rule is None:
        return
    met = {one.id for one in pack.obligations if "responded" in one.met_by}
    if pack.response_rule not in met:
        known = ", ".join(sorted(met)) or "none"
        yield ("response_rule",), f"names no obligation that a response meets; there is {known}"


def _registers(pack: Pack) -> Found:
    """Check that no source is in two registers: customers of both would become one."""
    named = [
        (name, number, source) for name, own in pack.registers.items() for number, source in enumerate(own)
    ]
    for place, (name, number, source) in enumerate(named):
        loc = ("registers", name, number)
        if source != normalize("NFC", source).strip() or not source:
            yield loc, "must be a source as its messages have it, without spaces around it"
        for other, _, before in named[:place]:
            if lies_in(source, before) or lies_in(before, source):
                yield loc, f"{source} is in the register {other} already ({before}); a source is in one"


def _patterns(pack: Pack) -> Found:
    """Regular expressions that RE2 does not take."""
    lexicon = pack.lexicon
    lists: dict[Loc, list[str]] = {
        ("lexicon", "safety"): lexicon.safety,
        ("lexicon", "harmless"): lexicon.harmless,
        ("lexicon", "certain"): lexicon.certain,
    }
    for field in ("categories", "motives", "styles"):
        lists |= {("lexicon", field, str(code)): entries for code, entries in getattr(lexicon, field).items()}
    lists[("response", "stock")] = pack.response.stock
    for loc, entries in lists.items():
        for number, entry in enumerate(entries):
            try:
                if is_pattern(entry):
                    compiled(entry)
            except BadPattern as error:
                sentence = f"is no pattern that RE2 takes ({error}); allowed is the syntax of RE2"
                yield (*loc, number), sentence


def _limits(limits: Limits, rungs: list[str]) -> Found:
    """Check that each smaller clock has a ladder, and that one person may give no more than two."""
    promise = limits.promise.ladder
    for loc, sentence in (*ladder_problems(promise, rungs), *unheard(promise)):
        yield ("limits", "promise", *loc), sentence
    for kind in SMALL:
        ladder = limits.ladder_of(kind)
        for loc, sentence in (*ladder_problems(ladder, rungs), *unheard(ladder)):
            yield ("limits", "ladders", kind, *loc[1:]), sentence
    for name in ("waiting", "extensions"):
        given = getattr(limits, name)
        if given.alone.clock != given.at_most.clock:
            yield ("limits", name, "at_most", "clock"), f"must be the clock of `alone`, {given.alone.clock}"
        elif given.alone.duration > given.at_most.duration:
            yield (
                ("limits", name, "at_most", "amount"),
                f"must not be less than `alone`, {given.alone.amount}",
            )


def _record(pack: Pack) -> Found:
    """Check that no step waits for a field that the record does not weigh: it would wait for nothing."""
    weighed = pack.record.weights
    for verb, fields in pack.record.gates.items():
        for number, field in enumerate(fields):
            if field not in weighed:
                allowed = ", ".join(weighed) or "none: `weights` is empty"
                yield ("record", "gates", verb, number), f"{field!r} has no weight; allowed are {allowed}"


def zero_budgets(content: Any, loc: Loc = ()) -> Found:
    """Budgets of no time at all. The same day is written in words."""
    if isinstance(content, list):
        for number, one in enumerate(content):
            yield from zero_budgets(one, (*loc, number))
    elif isinstance(content, dict):
        if content.get("clock") in DAY_CLOCKS and _NO_DAYS.fullmatch(str(content.get("amount", "-"))):
            sentence = "a budget needs some time; allowed are amounts from 1d, or `same day`"
            yield (*loc, "amount"), sentence
        for key, one in content.items():
            yield from zero_budgets(one, (*loc, key))


def _twice(field: str, ids: list[str]) -> Found:
    for number, one in enumerate(ids):
        if one in ids[:number]:
            yield (field, number, "id"), f"{one!r} is named twice; each of the {field} needs an id of its own"


def _obligation(
    obligation: Obligation,
    rungs: list[str],
    calendar: Calendar | None,
    calendars: Mapping[str, Calendar | None],
) -> Found:
    yield from _named(obligation)
    if obligation.calendar and obligation.calendar not in calendars:
        sentence = f"no regime has a calendar {obligation.calendar!r}; allowed are {_list(sorted(calendars))}"
        yield ("calendar",), sentence
    own = calendars.get(obligation.calendar) if obligation.calendar else calendar
    wrong = [*ladder_problems(obligation.ladder, rungs, obligation.budget, own)]
    yield from wrong or (unheard(obligation.ladder) if obligation.duty else ())
    if obligation.waits_at_most and not obligation.pausable:
        yield ("waits_at_most",), "does not pause; allowed with `pausable: true`"


def _named(obligation: Obligation) -> Found:
    """Check the obligation's name and the facts that it names."""
    if obligation.id.startswith(OWN_CLOCKS):
        yield ("id",), f"must not begin like the smaller clocks: {_list(OWN_CLOCKS)}"
    if obligation.starts not in STARTS:
        yield ("starts",), f"no fact {obligation.starts!r} can start a clock; allowed are {_list(STARTS)}"
    for number, fact in enumerate(obligation.met_by):
        if fact not in MEETS:
            yield ("met_by", number), f"no fact {fact!r} can meet a clock; allowed are {_list(MEETS)}"
    for number, fact in enumerate(obligation.restarted_by):
        if fact not in MEETS:
            sentence = f"no fact {fact!r} can set a clock anew; allowed are {_list(MEETS)}"
            yield ("restarted_by", number), sentence


def _silent(obligation: Obligation, pack: Pack) -> Found:
    """Check that the notices listed as silent are notices of the pack."""
    for number, name in enumerate(obligation.silent_notices):
        if name not in pack.notices:
            sentence = f"there is no notice {name!r}; allowed are {_list(sorted(pack.notices))}"
            yield ("silent_notices", number), sentence


def _list(words: list[str] | tuple[str, ...]) -> str:
    return ", ".join(words) or "none"
