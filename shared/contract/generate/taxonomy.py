"""Page on the taxonomy, `docs/contract/taxonomy.md`: every list with its labels, and what is derived."""

from collections.abc import Iterable
from enum import StrEnum

from shared.contract.values import EXPECTATIONS, MOTIVES, NEED_KINDS, NEEDS, PSYCHOLOGY, Category, Motive, Sub
from shared.contract.values.labels import LABELS, label

INTRODUCTION = """
# The taxonomy

Every closed list about the subject of a complaint and the person who complains, with the codes that travel
and a label in each language. Generated from `shared/contract/values` (`make contract`); do not edit it by
hand.

A category and a sub-code come from the hints of the submission, from an authority's issue (`hints.outside`),
from a classifier, or from a person (`reclassify`). Motives are hypotheses: each has a source and a
confidence, facts revise them, and the query `complaint` has every revision. Psychological types, needs and
behaviour are derived from them and stored nowhere. The two axes of behaviour give four cells, which have no
names: the source lost one.

The taxonomies of authorities are schemes of a policy pack. `us-cfpb` has the CFPB's: each product,
sub-product, issue and sub-issue has a code, each issue a category and a sub-code, and every code leads back
to the authority's own name (`shared/policy/schemes.py`).
"""


def taxonomy_page() -> str:
    """Whole page as Markdown."""
    lists = "\n\n".join(_list(kind) for kind in LABELS if kind is not Sub)
    return "\n\n".join((INTRODUCTION.strip(), _subs(), lists, _derived())) + "\n"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [[*head], ["---" for _ in head], *([*row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _list(kind: type[StrEnum]) -> str:
    what = (kind.__doc__ or "").partition(" (`sources")[0].rstrip(".")
    rows = [(f"`{one}`", words.en, words.zh) for one, words in LABELS[kind].items()]
    return f"## {kind.__name__}\n\n{what}.\n\n" + _table(("code", "English", "中文"), rows)


def _subs() -> str:
    rows = [
        (f"`{one}`", f"`{one.category}`", label(one).en, label(one).zh)
        for category in Category
        for one in Sub
        if one.category == category
    ]
    return "## Sub-codes\n\n" + _table(("code", "category", "English", "中文"), rows)


def _derived() -> str:
    motives = [(f"`{one}`", _code(NEEDS[one]), _code(PSYCHOLOGY[one])) for one in Motive]
    needs = [
        (f"`{one}`", "basic" if kind.basic else "special", "emotional" if kind.emotional else "rational")
        for one, kind in NEED_KINDS.items()
    ]
    interests = [(f"`{one}`", ", ".join(map(_code, shown)) or "none") for one, shown in MOTIVES.items()]
    states = [(f"`{gap}`", f"`{state}`") for gap, state in EXPECTATIONS.items()]
    parts = (
        ("By motive", ("motive", "need", "psychological type"), motives),
        ("Kinds of needs", ("need", "basic or special", "emotional or rational"), needs),
        ("Motives that a recorded interest shows", ("interest", "motives"), interests),
        ("Expectation by the stated gap", ("gap", "expectation"), states),
    )
    return "\n\n".join(f"## {title}\n\n{_table(head, rows)}" for title, head, rows in parts)


def _code(value: StrEnum | None) -> str:
    return f"`{value}`" if value else "none"
