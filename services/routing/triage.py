"""Triage: what it is about and how grave it is, from hints and what was found in the texts. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from services.routing.rules.triage_input import TriageInput, input_of_receipt
from shared.contract.events import Classified, Received, SeverityScore, Triaged, TriggerGuess
from shared.contract.values import Category, CategoryGuess, Motive, MotiveGuess, Nature, Style, Sub
from shared.policy.models import Pack, SeverityTable
from shared.policy.schemes import sub_of

HINT, ASKED = "hint", "remedy_sought"
HINT_CONFIDENCE = 0.9
UNSURE_BELOW = 0.6
"""Confidence of a sender's hint, and that below which a person is asked to look."""

LEAST, MOST = 1, 5
NOT_COMPARABLE = "loss_not_comparable"
"""Name of the points for a loss in a currency that the table does not know."""
WORDS, HINTED, SAFETY = FILLING = ("words", "hint", "safety")
"""Inputs that fill the points up to a level, in this order."""

NOTHING: Mapping[str, int] = MappingProxyType({})


def triage(received: Received, pack: Pack, classified: Classified | None = None) -> Triaged:
    """First triage; a person may correct it with `reclassify`.

    `classified` is the outcome of the request to an external classifier. Its suggestion counts in place of
    what the built-in classifier found, but a danger that either found counts.
    """
    received = with_suggestion(received, pack, classified)
    given, guess = input_of_receipt(received), category(received, pack)
    score = severity_score(given, pack.severity, given.danger)
    return Triaged(
        category=guess.category,
        category_guess=guess,
        classified=classified,
        sub=sub(received, pack, guess.category, classified),
        outside=received.hints.outside,
        nature=nature(received),
        triggers=[
            TriggerGuess(trigger=one, source=HINT) for one in dict.fromkeys(received.hints.triggers or ())
        ],
        gap=received.hints.gap,
        motives=motives(received),
        harassment_suggested=suggested_by(received),
        style=list(given.styles),
        severity=severity_of(score),
        severity_score=score,
        safety=given.danger,
    )


def category(received: Received, pack: Pack) -> CategoryGuess:
    """Category by the sender's hint, also by a sub-code or an authority's issue, else the classifier's guess,
    else the majority of the words (`sources.md` 1 to 4).

    Without any evidence it is a service complaint, and a person is asked to look.
    """
    hints = received.hints
    by_sub = hints.sub or sub_of(pack.schemes, hints.outside)
    if found := hints.category or (by_sub.category if by_sub else None):
        return CategoryGuess(category=found, confidence=HINT_CONFIDENCE, source=HINT)
    return received.signals.category or _most_words(received.signals.categories)


def with_suggestion(received: Received, pack: Pack, classified: Classified | None) -> Received:
    """Receipt in which the suggestion has replaced the findings of the built-in classifier."""
    terms, found = pack.external_classifier, classified.suggestion if classified else None
    if classified is None or found is None or terms is None:
        return received
    source, signals = classified.source, received.signals
    unsure = found.unsure or found.confidence < terms.unsure_below
    guess = CategoryGuess(category=found.category, confidence=found.confidence, source=source, unsure=unsure)
    motives = [MotiveGuess(**one.model_dump(), source=source) for one in found.motives]
    instead = {"category": guess, "motives": motives, "gravity": found.severity}
    danger = {"safety": signals.safety or found.safety}
    return received.model_copy(update={"signals": signals.model_copy(update=instead | danger)})


def sub(received: Received, pack: Pack, found: Category, classified: Classified | None = None) -> Sub | None:
    """Sub-code of the hints, else of an authority's issue, else of a suggestion; none that contradicts the
    category.
    """
    suggested = classified.suggestion.sub if classified and classified.suggestion else None
    wanted = (received.hints.sub, sub_of(pack.schemes, received.hints.outside), suggested)
    return next((one for one in wanted if one and one.category == found), None)


def _most_words(counts: Mapping[Category, int]) -> CategoryGuess:
    if not counts:
        return CategoryGuess(category=Category.SERVICE, confidence=0, source="default", unsure=True)
    best = max(counts, key=lambda one: counts[one])
    share = round(counts[best] / (sum(counts.values()) + 1), 2)
    return CategoryGuess(category=best, confidence=share, source="lexicon", unsure=share < UNSURE_BELOW)


def motives(received: Received) -> list[MotiveGuess]:
    """Hints first, then what is asked for, then the guesses from the texts, each motive once
    (`sources.md` 28).

    Harassment is none of them: two people decide it (`sources.md` 26).
    """
    asked = [one for one in Motive if one == received.remedy_sought]
    hinted = [
        MotiveGuess(motive=Motive(motive), confidence=HINT_CONFIDENCE, source=source)
        for source, named in ((HINT, received.hints.motives), (ASKED, asked))
        for motive in named
    ]
    found: dict[Motive, MotiveGuess] = {}
    for guess in [*hinted, *received.signals.motives]:
        found.setdefault(guess.motive, guess)
    found.pop(Motive.HARASSMENT, None)
    return list(found.values())


def suggested_by(received: Received) -> list[str]:
    """Sources that suggest harassment; a person may propose it to a second person."""
    found = [HINT] if Motive.HARASSMENT in received.hints.motives else []
    return found + [one.source for one in received.signals.motives if one.motive is Motive.HARASSMENT]


def nature(received: Received) -> Nature:
    """Nature of the complaint: about a fact, about a person's attitude, or an opinion (`sources.md` 7)."""
    names = {guess.motive.value for guess in motives(received)}
    if "suggestion" in names and len(names) == 1:
        return Nature.OPINION
    if received.about_staff or names & {"respect", "apology", "retaliation"}:
        return Nature.ATTITUDE
    return Nature.TRANSACTION


def severity_score(
    given: TriageInput, table: SeverityTable, safety: bool, before: Mapping[str, int] = NOTHING
) -> SeverityScore:
    """Points by the pack's table (`sources.md` 15), of the present input and of the points `before`.

    Of each input the graver counts, so no input makes a complaint lighter.
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
    if words := max(_level(before, WORDS), (given.gravity or 0) if table.words_count else 0):
        points[WORDS] = max(0, words - sum(points.values()))
    hinted = _level(before, HINTED)
    hint = max(hinted, (given.hint or 0) if table.hint_counts else 0)
    if hint:
        points[HINTED] = max(0, hint - sum(points.values()))
    if safety:
        points[SAFETY] = max(0, table.safety - sum(points.values()))
    return SeverityScore(table=table.id, points=points)


def _level(before: Mapping[str, int], filling: str) -> int:
    """Level to which this input filled the points before; 0 where it did not."""
    later = FILLING[FILLING.index(filling) + 1 :]
    return sum(more for name, more in before.items() if name not in later) if filling in before else 0


def _adds_up(name: str) -> bool:
    """Whether these points are an input's own; words, a hint and a danger only fill up to a level."""
    return name == "loss" or name.startswith("style:")


def severity_of(score: SeverityScore) -> int:
    """Severity of this number of points, 1 to 5."""
    return max(LEAST, min(MOST, sum(score.points.values())))
