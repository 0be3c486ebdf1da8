"""Summary of the demo in one table."""

from collections import Counter
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

from deploy.demo.rates import NAMES, Pair
from deploy.demo.record import SeenFact

CHINESE = {"response": "响应率", "resolution": "解决率", "satisfaction": "满意率"}


@dataclass
class Result:
    """Content of the summary. `wrong` holds a sentence for each difference from the scripts.

    `rule` is the obligation that the response rate counts.
    """

    complaints: int
    grumbles: int = 0
    closed: Counter[str] = field(default_factory=Counter)
    rates: dict[str, Pair] = field(default_factory=dict)
    rule: str | None = None
    facts_seen: list[SeenFact] = field(default_factory=list)
    published: int = 0
    quarantined: dict[str, int] = field(default_factory=dict)
    sent_twice: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def count(self, name: str, obligation: str | None = None) -> int:
        """Number of facts of this name, of one obligation if it is given."""
        return sum(
            fact.name == name and obligation in (None, fact.data.get("obligation"))
            for fact in self.facts_seen
        )


def show(console: Console, result: Result) -> None:
    """Print the summary, then each difference."""
    table = Table(title="Amends demo", title_justify="left", show_header=False, min_width=70)
    table.add_column("what")
    table.add_column("how many")
    for what, how_many in _rows(result):
        table.add_row(what, how_many)
    console.print(table)
    for sentence in result.wrong:
        console.print(f"WENT OTHERWISE  {sentence}", style="bold red", highlight=False, markup=False)
    if not result.wrong:
        console.print(
            "Every complaint ended as in its script; timelines and rates agree with the facts.",
            soft_wrap=True,
        )


def _rows(result: Result) -> list[tuple[str, str]]:
    closed = ", ".join(f"{count} {outcome}" for outcome, count in result.closed.most_common())
    aside = ", ".join(f"{count} {reason}" for reason, count in sorted(result.quarantined.items()))
    breaches = result.count("deadline_breached", result.rule)
    escalated = result.count("escalated", result.rule)
    late = sum(bool(fact.data.get("late_registration")) for fact in _breaches_of_rule(result))
    return [
        ("complaints", f"{result.complaints}, and {result.sent_twice} of them sent twice"),
        ("grumbles", f"{result.grumbles}: {_grumbles(result)}"),
        ("closed", f"{result.closed.total()}: {closed}"),
        *((f"{name} rate {CHINESE[name]}", _percent(result.rates.get(name, (0, 0)))) for name in NAMES),
        ("24-hour rule breached", f"{breaches} ({late} before the registration), {escalated} escalations"),
        ("deadlines breached", str(result.count("deadline_breached"))),
        ("offers", f"{result.count('offer_made')} made, {result.count('agreed')} agreed"),
        ("callbacks", f"{result.count('callback_due')} due, {result.count('reopened')} reopened"),
        ("quarantined", f"{sum(result.quarantined.values())}: {aside}"),
        ("events published", str(result.published)),
        ("seconds", f"{result.seconds:.0f}"),
    ]


def _grumbles(result: Result) -> str:
    """Sentence about the grumbles that ended without a complaint."""
    answered, complaints = result.count("grumble_answered"), result.count("promoted")
    into = {fact.data["into"] for fact in result.facts_seen if fact.name == "promoted"}
    return f"{answered} answered, {complaints} became {len(into)} complaints"


def _breaches_of_rule(result: Result) -> list[SeenFact]:
    breaches = [fact for fact in result.facts_seen if fact.name == "deadline_breached"]
    return [fact for fact in breaches if fact.data["obligation"] == result.rule]


def _percent(pair: Pair) -> str:
    numerator, denominator = pair
    return f"{100 * numerator / denominator:.1f} %  ({numerator} of {denominator})" if denominator else "none"
