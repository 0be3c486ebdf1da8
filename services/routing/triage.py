"""Triage: what it is about and how grave it is, from the sender's hints and the lexicon's signals. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from services.routing.rules.triage_input import TriageInput, input_of_receipt
from shared.contract.events import Received, SeverityScore, Triaged
from shared.contract.values import Category, MotiveGuess, Nature, Style
from shared.policy.models import Pack, SeverityTable

HINT_CONFIDENCE = 0.9
LEAST, MOST = 1, 5
NOT_COMPARABLE = "loss_not_comparable"
"""The input of a loss in a currency that the table does not know."""
NOTHING: Mapping[str, int] = MappingProxyType({})


def triage(received: Received, pack: Pack) -> Triaged:
    """The first triage; a person may correct it with `reclassify`."""
    given = input_of_receipt(received)
    score = severity_score(given, pack.severity, given.danger)
    return Triaged(
        category=category(received),
        nature=nature(received),
        motives=motives(received),
        style=list(given.styles),
        severity=severity_of(score),
        severity_score=score,
        safety=given.danger,
    )


def category(received: Received) -> Category:
    """The sender's hint, else what the words point to most, else service (`sources.md` 1 to 4)."""
    if received.hints.category:
        return received.hints.category
    counts = received.signals.categories
    return max(counts, key=lambda one: counts[one]) if counts else Category.SERVICE


def motives(received: Received) -> list[MotiveGuess]:
    """Hints first, then the lexicon's guesses, each motive once (`sources.md` 28)."""
    hinted = [
        MotiveGuess(motive=motive, confidence=HINT_CONFIDENCE, source="hint")
        for motive in received.hints.motives
    ]
    known = {guess.motive for guess in hinted}
    return hinted + [guess for guess in received.signals.motives if guess.motive not in known]


def nature(received: Received) -> Nature:
    """About a matter, about somebody's attitude, or an opinion (`sources.md` 7)."""
    names = {guess.motive.value for guess in motives(received)}
    if "suggestion" in names and len(names) == 1:
        return Nature.OPINION
    if received.about_staff or names & {"respect", "apology", "retaliation"}:
        return Nature.ATTITUDE
    return Nature.TRANSACTION


def severity_score(
    given: TriageInput, table: SeverityTable, safety: bool, before: Mapping[str, int] = NOTHING
) -> SeverityScore:
    """Points by the pack's table (`sources.md` 15), of what is told now and of the points `before`.

    Of each input the graver counts, so nothing that is told makes a complaint lighter.
    """
    points = {"base": table.base} | {name: more for name, more in before.items() if _adds_up(name)}
    steps = [loss.step_of(table.loss_from) for loss in given.losses if loss.amount]
    if loss := max([points.get("loss", 0), *(step for step in steps if step)]):
        points["loss"] = loss
    for style in given.styles:
        if more := table.style.get(Style(style), 0):
            points[f"style:{style}"] = more
    if None in steps or NOT_COMPARABLE in before:
        points[NOT_COMPARABLE] = max(0, table.loss_not_comparable - sum(points.values()))
    hinted = sum(more for name, more in before.items() if name != "safety") if "hint" in before else 0
    hint = max(hinted, (given.hint or 0) if table.hint_counts else 0)
    if hint:
        points["hint"] = max(0, hint - sum(points.values()))
    if safety:
        points["safety"] = max(0, table.safety - sum(points.values()))
    return SeverityScore(table=table.id, points=points)


def _adds_up(name: str) -> bool:
    """Whether these points are an input's own; a hint and a danger only fill up to a level."""
    return name == "loss" or name.startswith("style:")


def severity_of(score: SeverityScore) -> int:
    """The severity that so many points make, 1 to 5."""
    return max(LEAST, min(MOST, sum(score.points.values())))
