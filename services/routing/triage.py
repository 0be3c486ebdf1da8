"""Triage: what it is about and how grave it is, from the sender's hints and the lexicon's signals. Pure."""

from decimal import Decimal

from shared.contract.events import Received, SeverityScore, Triaged
from shared.contract.values import Category, MotiveGuess, Nature, Style
from shared.policy.models import Pack, SeverityTable

HINT_CONFIDENCE = 0.9
LEAST, MOST = 1, 5


def triage(received: Received, pack: Pack) -> Triaged:
    """The first triage; a person may correct it with `reclassify`."""
    styles = received.signals.styles
    safety = received.safety or received.signals.safety
    score = severity_score(received, pack.severity, safety)
    return Triaged(
        category=category(received),
        nature=nature(received),
        motives=motives(received),
        style=styles,
        severity=severity_of(score),
        severity_score=score,
        safety=safety,
    )


def category(received: Received) -> Category:
    """The sender's hint, else what the words point to most, else service (`concepts.md` 1 to 4)."""
    if received.hints.category:
        return received.hints.category
    counts = received.signals.categories
    return max(counts, key=lambda one: counts[one]) if counts else Category.SERVICE


def motives(received: Received) -> list[MotiveGuess]:
    """Hints first, then the lexicon's guesses, each motive once (`concepts.md` 28)."""
    hinted = [
        MotiveGuess(motive=motive, confidence=HINT_CONFIDENCE, source="hint")
        for motive in received.hints.motives
    ]
    known = {guess.motive for guess in hinted}
    return hinted + [guess for guess in received.signals.motives if guess.motive not in known]


def nature(received: Received) -> Nature:
    """About a matter, about somebody's attitude, or an opinion (`concepts.md` 7)."""
    names = {guess.motive.value for guess in motives(received)}
    if "suggestion" in names and len(names) == 1:
        return Nature.OPINION
    if received.about_staff or names & {"respect", "apology", "retaliation"}:
        return Nature.ATTITUDE
    return Nature.TRANSACTION


def severity_score(received: Received, table: SeverityTable, safety: bool) -> SeverityScore:
    """Points by the pack's table (`concepts.md` 15). A VIP mark is no input: it lowers nobody's severity."""
    points = {"base": table.base}
    loss = received.loss.amount if received.loss else Decimal(0)
    if earned := [more for least, more in sorted(table.loss_from.items()) if loss >= least]:
        points["loss"] = earned[-1]
    for style in received.signals.styles:
        if more := table.style.get(Style(style), 0):
            points[f"style:{style}"] = more
    if table.hint_counts and received.hints.severity:
        points["hint"] = max(0, received.hints.severity - sum(points.values()))
    if safety:
        points["safety"] = max(0, table.safety - sum(points.values()))
    return SeverityScore(table=table.id, points=points)


def severity_of(score: SeverityScore) -> int:
    """The severity that so many points make, 1 to 5."""
    return max(LEAST, min(MOST, sum(score.points.values())))
