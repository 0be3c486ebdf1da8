"""Decide whether two submissions have the same subject (docs/decisions/0008). Pure; thresholds are policy.

Only submissions of the same customer, complaints or grumbles, can become one complaint. A submission joins
a complaint when its own words connect them: it quotes the complaint, reports the same about one order, or
repeats the same text word for word. A submission that only looks similar, or may have another or a graver
subject, is only suspected: joining asks no person, so in doubt nothing is joined. If another customer
quotes the complaint or names the order, it is a link that a person looks at, never more
(`sources.md` P21).
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property

from services.intake.duplicates.order_numbers import as_named, order_of
from services.intake.duplicates.text_similarity import (
    beyond_asking,
    form_letters,
    only_asks,
    plain,
    specific,
    text_similarity,
    verbatim,
)
from shared.contract.events import Received
from shared.contract.ids import COMPLAINT_ID_PATTERN
from shared.contract.values import Category, Money
from shared.policy.models import Duplicates

QUOTED = re.compile(rf"(?<![0-9A-Za-z]){COMPLAINT_ID_PATTERN.strip('^$')}(?![0-9A-Za-z])")

SAME_ORDER, OTHER_KIND = 0.8, 0.6
"""Confidence of a suspicion by the same order number, and the confidence if the complaint is of another
kind.
"""

SAME_PRODUCT = 0.4
"""Product names less alike than this name two products."""

USUAL_SEVERITY = 3
"""Severity of a submission without a hint, 1 to 5."""

CLEARLY_MORE = Decimal("1.25")
"""Factor from which a loss counts as larger: a difference below a quarter may be rounding."""

NONE: frozenset[str] = frozenset()

SURE_OF_CATEGORY = 2
"""Number of words of a category that the lexicon must have found before the category counts as clear."""


@dataclass(frozen=True)
class Comparable:
    """Properties of a submission that show what it is about. `words` are in the clear.

    `order` is the order number in normal form, by which the order is found again; `named` is the text
    given as order number in normal form, even if it is too short to be certain. `quoted` are the complaint
    ids in the text.
    """

    complaint_id: str
    recorded_at: datetime
    received: Received
    words: str
    product: str | None
    order: str | None
    quoted: frozenset[str]
    named: str | None = None
    staff: str | None = None

    @classmethod
    def of(
        cls,
        complaint_id: str,
        received: Received,
        words: str,
        product: str | None = None,
        order_ref: str | None = None,
        about_staff: str | None = None,
    ) -> "Comparable":
        """Build it from the fields that the sender wrote."""
        order, quoted = order_of(order_ref), quoted_in(words)
        named = as_named(order_ref)
        return cls(
            complaint_id, received.recorded_at, received, words, product, order, quoted, named, about_staff
        )

    @cached_property
    def plain(self) -> str:
        """Words in the form in which texts are compared."""
        return plain(self.words)

    @cached_property
    def verbatim(self) -> str:
        """All its words, as they are when they are the same."""
        return verbatim(self.words)

    @property
    def dangerous(self) -> bool:
        """Whether a person was in danger, according to the sender or the lexicon."""
        return self.received.safety or self.received.signals.safety


def quoted_in(words: str) -> frozenset[str]:
    """Complaint ids in a text."""
    return frozenset(QUOTED.findall(words)) if "C" in words else NONE


@dataclass(frozen=True)
class Joins:
    """Verdict: the submission is a further contact of this complaint."""

    of: str


@dataclass(frozen=True)
class Suspected:
    """Verdict: the submission may have the same subject as this complaint, or be related to it; a person
    decides.
    """

    of: str
    score: float


def judged(
    new: Comparable, others: Iterable[Comparable], rules: Duplicates, linked: Collection[str] = ()
) -> list[Joins | Suspected]:
    """Verdicts about `new` and each of `others`, best first: joins, to the earliest complaint; then
    suspicions by similarity.
    """
    found = [(one.recorded_at, verdict) for one in others if (verdict := judge(new, one, rules, linked))]
    joins = sorted((at, verdict.of) for at, verdict in found if isinstance(verdict, Joins))
    suspected = [verdict for _, verdict in found if isinstance(verdict, Suspected)]
    return [Joins(of) for _, of in joins] + sorted(suspected, key=lambda one: (-one.score, one.of))


def judge(
    new: Comparable, known: Comparable, rules: Duplicates, linked: Collection[str] = ()
) -> Joins | Suspected | None:
    """Relation of `new` to a stored complaint, provided that the complaint is still open.

    A submission of a `linked` customer is at most suspected to be the same: a person decides.
    """
    age = abs(new.recorded_at - known.recorded_at)
    if new.complaint_id == known.complaint_id or age > timedelta(days=rules.suspect_within_days):
        return None
    same = new.received.customer == known.received.customer
    if not same and known.received.customer not in linked:
        return _linked(new, known)
    alike = text_similarity(new.plain, known.plain)
    score = _suspicion(new, known, alike)
    if age <= timedelta(days=rules.join_within_days) and _tied(new, known, alike, rules.same_order):
        apart = not same or _apart(new, known)
        return Suspected(known.complaint_id, score) if apart else Joins(known.complaint_id)
    return Suspected(known.complaint_id, score) if score >= rules.suspect_from else None


def are_duplicates(new: Comparable, known: Comparable, rules: Duplicates) -> bool:
    """Whether a complaint takes a grumble along: nothing of the complaint is buried, for it goes on."""
    age = abs(new.recorded_at - known.recorded_at)
    if new.received.customer != known.received.customer or age > timedelta(days=rules.join_within_days):
        return False
    alike = text_similarity(new.plain, known.plain)
    by_order = _same_order(new, known) and known.complaint_id not in new.quoted
    return _tied(new, known, alike, rules.same_order) and not (by_order and _other_kind(new, known))


def _linked(new: Comparable, known: Comparable) -> Suspected | None:
    """Suspicion between different customers: only the ids and orders that they name count, not the similarity
    of their words.
    """
    if known.complaint_id in new.quoted:
        return Suspected(known.complaint_id, 1.0)
    named = _same_order(new, known) and _same_register(new, known)
    return Suspected(known.complaint_id, SAME_ORDER) if named else None


def _same_register(new: Comparable, known: Comparable) -> bool:
    """Whether one and the same shop numbers the orders of both."""
    one, other = new.received, known.received
    return (one.customer_register, one.customer_register or one.external_source) == (
        other.customer_register,
        other.customer_register or other.external_source,
    )


def _tied(new: Comparable, known: Comparable, alike: float, same_order: float) -> bool:
    """Whether the customer ties the two together, beyond doubt."""
    if known.complaint_id in new.quoted:
        return True
    if _same_order(new, known):
        return not _other_product(new, known) and _same_story(new, known, alike, same_order)
    return _repeated_verbatim(new, known)


def _same_story(new: Comparable, known: Comparable, alike: float, same_order: float) -> bool:
    """Whether both texts report the same about one order: in similar words, or by only asking for its
    progress. A form letter about another thing is not the same.
    """
    if new.verbatim == known.verbatim or only_asks(new.plain):
        return True
    alike = max(alike, text_similarity(beyond_asking(new.plain), known.plain))
    return alike >= same_order and not form_letters(new.plain, known.plain)


def _repeated_verbatim(new: Comparable, known: Comparable) -> bool:
    """Whether the texts are the same word for word and specific enough, and name the same order and product
    or none.
    """
    same_things = new.named == known.named and verbatim(new.product or "") == verbatim(known.product or "")
    return same_things and new.verbatim == known.verbatim and specific(new.plain)


def _apart(new: Comparable, known: Comparable) -> bool:
    """Whether joining could hide something: another kind of complaint about one order, or a danger that was
    not known.
    """
    by_order = _same_order(new, known) and known.complaint_id not in new.quoted
    return (by_order and _other_kind(new, known)) or _graver(new, known)


def _graver(new: Comparable, known: Comparable) -> bool:
    """Whether it brings what the first did not weigh: a danger, a higher severity or loss, other staff."""
    said, before = new.received.hints.severity, known.received.hints.severity
    return (
        (new.dangerous and not known.dangerous)
        or (said is not None and said > (before or USUAL_SEVERITY))
        or _larger(new.received.loss, known.received.loss)
        or (new.staff is not None and new.staff != known.staff)
    )


def _larger(loss: Money | None, before: Money | None) -> bool:
    """Whether a loss was not reported before, or is clearly larger, or cannot be compared."""
    if loss is None or not loss.amount:
        return False
    if before is None or before.currency != loss.currency:
        return True
    return loss.amount > before.amount * CLEARLY_MORE  # one currency: see above


def _suspicion(new: Comparable, known: Comparable, alike: float) -> float:
    if known.complaint_id in new.quoted:
        return 1.0
    if _same_order(new, known):
        return max(alike, OTHER_KIND if _other_kind(new, known) else SAME_ORDER)
    return alike / 2 if _other_order(new, known) else alike


def _same_order(new: Comparable, known: Comparable) -> bool:
    return new.order is not None and new.order == known.order


def _other_order(new: Comparable, known: Comparable) -> bool:
    return bool(new.named and known.named and new.named != known.named)


def _other_product(new: Comparable, known: Comparable) -> bool:
    if not new.product or not known.product:
        return False
    return text_similarity(plain(new.product), plain(known.product)) < SAME_PRODUCT


def _other_kind(new: Comparable, known: Comparable) -> bool:
    """Whether the category is clearly another: by the senders' hints, else by enough words of the lexicon in
    both.
    """
    said, before = new.received.hints.category, known.received.hints.category
    if said and before:
        return said != before
    found, found_before = _categories(new), _categories(known)
    return bool(found and found_before and not found & found_before)


def _categories(comparable: Comparable) -> set[Category]:
    counted = comparable.received.signals.categories.items()
    return {category for category, count in counted if count >= SURE_OF_CATEGORY}
