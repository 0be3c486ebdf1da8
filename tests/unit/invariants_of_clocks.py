"""Obligations end one way, waits end, and time goes forward."""

from datetime import datetime, timedelta
from itertools import pairwise

from shared.contract.events import (
    CaseEnded,
    Closed,
    DeadlineBreached,
    DeadlineCancelled,
    DeadlineExtended,
    DeadlineFact,
    DeadlineMet,
    DeadlineMoved,
    DeadlineSet,
    DeadlineWarned,
    Paused,
    Referred,
    Reopened,
    Resolved,
    Resumed,
    Withdrawn,
)
from shared.contract.values import Concerned
from tests.unit.case_story import Story, TriageInput

LONGEST_PAUSE = timedelta(days=14)


def times_never_decrease(story: Story) -> None:
    """Only what was missed before we knew of the complaint is dated before its neighbours."""
    known = [
        one
        for one in story.told
        if not (isinstance(one.fact, DeadlineBreached) and one.fact.late_registration)
    ]
    for before, after in pairwise(known):
        assert before.at <= after.at, (before, after)


def each_obligation_ends_one_way(story: Story) -> None:
    """Met, or breached and perhaps met late, or cancelled: once, per name and cycle. None is missed."""
    status: dict[tuple[str, int], str] = {}
    due: dict[tuple[str, int], datetime] = {}
    known: dict[tuple[str, int], datetime] = {}
    warned: set[tuple[str, int, int]] = set()
    for one in story.told:
        if not isinstance(one.fact, DeadlineFact):
            continue
        key = one.fact.obligation, one.cycle
        before = status.get(key)
        match one.fact:
            case DeadlineSet(due=at):
                # Anew only: after a silence that was broken late, or when a migration brings it back.
                assert before in (None, "met_late", "cancelled"), key
                status[key], due[key] = "running", at
                warned = {mark for mark in warned if mark[:2] != key}
            case DeadlineMoved(due=at, why="receipt_corrected"):
                assert before in ("running", "met"), (key, before)
                assert one.fact.was == due[key]
                status[key], due[key], known[key] = "running", at, one.at
            case DeadlineMoved(due=at) | DeadlineExtended(due=at):
                assert before == "running", (key, before)
                assert one.fact.was == due[key]
                assert at >= one.at
                due[key], known[key] = at, one.at
                if isinstance(one.fact, DeadlineMoved) and one.fact.why == "told":
                    warned = {mark for mark in warned if mark[:2] != key}
            case DeadlineWarned(percent=percent, due=at):
                assert before == "running", (key, before)
                assert at == due[key]
                assert one.at <= at
                assert (*key, percent) not in warned
                warned.add((*key, percent))
            case DeadlineBreached(due=at):
                assert before == "running", (key, before)
                assert one.at == at == due[key]
                assert one.fact.late_registration == (at < known.get(key, story.opened_at))
                status[key] = "breached"
            case DeadlineMet(late=late):
                assert before == ("breached" if late else "running"), (key, before)
                assert late or one.at < due[key] or known.get(key) == one.at, (
                    "at its due instant it has run out"
                )
                status[key] = "met_late" if late else "met"
            case DeadlineCancelled():
                assert before == "running", (key, before)
                assert one.fact.reason
                status[key] = "cancelled"
    _none_is_missed(story, {key: due[key] for key, state in status.items() if state == "running"})


def _none_is_missed(story: Story, running: dict[tuple[str, int], datetime]) -> None:
    """Every clock that still runs is paused, or due later."""
    paused = _paused(story)
    for key, due in running.items():
        assert key[0] in paused or due > story.now, key


def _paused(story: Story) -> set[str]:
    """Clocks that are paused: those that a pause stopped, and those started since that may be stopped."""
    pausable = {obligation.id for obligation in story.pack.obligations if obligation.pausable}
    stopped: set[str] = set()
    waiting = False
    for one in story.told:
        match one.fact:
            case Paused(obligations=names):
                stopped, waiting = set(names), True
            case DeadlineSet(obligation=name) if waiting and name in pausable:
                stopped.add(name)
            case Resumed():
                stopped, waiting = set(), False
    return stopped


def nothing_runs_once_it_is_over(story: Story) -> None:
    """Resolved, withdrawn, referred or merged: no clock of that cycle runs on."""
    running: set[str] = set()
    ended = False
    for one in story.told:
        match one.fact:
            case DeadlineSet(obligation=name):
                running.add(name)
            case DeadlineMet(obligation=name) | DeadlineCancelled(obligation=name):
                running.discard(name)
            case DeadlineBreached(obligation=name):
                running.discard(name)
            case Resolved() | Withdrawn() | Referred() | CaseEnded():
                ended = True
            case Reopened() | Closed():
                assert not running
                ended = False
    assert not (ended and running), running


def the_24_hour_rule_asks_for_a_response(story: Story) -> None:
    """Exactly 24 hours; met by `responded` alone; neither moved, extended nor paused."""
    for one in story.told:
        if isinstance(one.fact, Paused | Resumed):
            assert "response_24h" not in one.fact.obligations
        if not isinstance(one.fact, DeadlineFact) or one.fact.obligation != "response_24h":
            continue
        match one.fact:
            case DeadlineSet():
                assert one.fact.due - one.fact.started_at == timedelta(hours=24)
            case DeadlineMet():
                assert one.fact.by_fact == "responded"
            case _:
                assert not isinstance(one.fact, DeadlineExtended)
                assert not isinstance(one.fact, DeadlineMoved) or one.fact.why == "receipt_corrected"


def pauses_are_closed(story: Story) -> None:
    """Every wait has a known end, is over in time, and ends with the handling (`sources.md` P19, P28)."""
    until: datetime | None = None
    for one in story.told:
        match one.fact:
            case Paused():
                assert until is None
                until = one.fact.until
                assert one.at < until <= one.at + LONGEST_PAUSE
            case Resumed():
                assert until is not None
                assert one.at <= until
                until = None
            case DeadlineBreached() if until and not one.fact.late_registration:
                assert one.fact.obligation not in _paused_at(story, one)
            case Resolved() | Withdrawn() | Referred() | Closed() | Reopened():
                assert until is None
    assert until is None or story.now < until


def _paused_at(story: Story, moment: TriageInput) -> set[str]:
    index = story.told.index(moment)
    return _paused(Story(story.pack, Concerned(), story.opened_at, story.told[:index], moment.at))


INVARIANTS = (
    times_never_decrease,
    each_obligation_ends_one_way,
    nothing_runs_once_it_is_over,
    the_24_hour_rule_asks_for_a_response,
    pauses_are_closed,
)
