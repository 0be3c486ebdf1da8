"""Taxonomy of complaints (`sources.md` 1 to 34): closed lists, and the tables that derive one from another.

Labels in both languages are in `labels`; `docs/contract/taxonomy.md` is made from both. A list that has a
wire meaning of its own (category, nature, motive, style) is in `vocabulary`.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel

from shared.contract.values.vocabulary import Category, Interest, Motive, Style


class Sub(StrEnum):
    """Sub-code of a category (`sources.md` 1 to 5). Delivery is a service."""

    PRODUCT_QUALITY = "product.quality"
    PRODUCT_FUNCTION = "product.function"
    PRODUCT_PERFORMANCE = "product.performance"
    PRODUCT_DESCRIPTION = "product.description"
    DELIVERY_LATE = "delivery.late"
    DELIVERY_DAMAGED = "delivery.damaged"
    DELIVERY_WRONG = "delivery.wrong"
    DELIVERY_LOST = "delivery.lost"
    SERVICE_ATTITUDE = "service.attitude"
    SERVICE_EFFICIENCY = "service.efficiency"
    SERVICE_QUALITY = "service.quality"
    SERVICE_ACCESS = "service.access"
    SERVICE_PRIVACY = "service.privacy"
    SERVICE_SECURITY = "service.security"
    PRICE_TRANSPARENCY = "price.transparency"
    PRICE_FAIRNESS = "price.fairness"
    PRICE_CHANGE = "price.change"
    PRICE_CHARGE = "price.charge"
    POLICY_TERMS = "policy.terms"
    POLICY_ELIGIBILITY = "policy.eligibility"
    POLICY_APPLICATION = "policy.application"

    @property
    def category(self) -> Category:
        """Category that the sub-code belongs to."""
        subject = self.partition(".")[0]
        return Category.SERVICE if subject == "delivery" else Category(subject)


class Trigger(StrEnum):
    """Trigger of the complaint (`sources.md` 8). A broken promise names the deadline that was missed."""

    LOSS = "loss"
    NOT_HEARD = "not_heard"
    NOBODY_RESPONSIBLE = "nobody_responsible"
    BROKEN_PROMISE = "broken_promise"


class Need(StrEnum):
    """Need of the complainant, stated or not (`sources.md` 13)."""

    HEARD = "heard"
    RESPECTED = "respected"
    SAFE = "safe"
    SOLVE = "solve"
    COMPENSATE = "compensate"
    CORRECT = "correct"


class NeedKind(NamedTuple):
    """Kind of a need: basic or special, emotional or rational."""

    basic: bool
    emotional: bool


NEED_KINDS: dict[Need, NeedKind] = {
    need: NeedKind(basic=first, emotional=first)
    for need, first in (
        (Need.HEARD, True),
        (Need.RESPECTED, True),
        (Need.SAFE, True),
        (Need.SOLVE, False),
        (Need.COMPENSATE, False),
        (Need.CORRECT, False),
    )
}
"""Kind of each need (`sources.md` 13). Basic needs are not spoken of; the business itself is special."""


class Gap(StrEnum):
    """Gap between what was expected and what was received, as the complainant states it (`sources.md` 10)."""

    BELOW = "below"
    MET = "met"
    ABOVE = "above"


class Expectation(StrEnum):
    """State that the gap leads to (`sources.md` 11)."""

    CHURN_RISK = "churn_risk"
    WAVERING = "wavering"
    LOYAL = "loyal"


EXPECTATIONS: dict[Gap, Expectation] = {
    Gap.BELOW: Expectation.CHURN_RISK,
    Gap.MET: Expectation.WAVERING,
    Gap.ABOVE: Expectation.LOYAL,
}


class Psychology(StrEnum):
    """Psychological type (`sources.md` 27): derived from the motives, and never stored."""

    PROBLEM = "problem"
    RESPECT = "respect"
    COMPENSATION = "compensation"
    VENTING = "venting"
    EXCHANGE = "exchange"


PSYCHOLOGY: dict[Motive, Psychology | None] = {
    Motive.COMPENSATION: Psychology.COMPENSATION,
    Motive.REFUND: Psychology.COMPENSATION,
    Motive.APOLOGY: Psychology.RESPECT,
    Motive.TIME: Psychology.PROBLEM,
    Motive.VENTING: Psychology.VENTING,
    Motive.RESPECT: Psychology.RESPECT,
    Motive.UNDERSTANDING: Psychology.EXCHANGE,
    Motive.SUGGESTION: Psychology.EXCHANGE,
    Motive.RETALIATION: Psychology.VENTING,
    Motive.HARASSMENT: None,
}
"""Type of each motive. Harassment is conduct, which two people judge: no type follows from it."""

NEEDS: dict[Motive, Need | None] = {
    Motive.COMPENSATION: Need.COMPENSATE,
    Motive.REFUND: Need.COMPENSATE,
    Motive.APOLOGY: Need.RESPECTED,
    Motive.TIME: Need.SOLVE,
    Motive.VENTING: Need.HEARD,
    Motive.RESPECT: Need.RESPECTED,
    Motive.UNDERSTANDING: Need.HEARD,
    Motive.SUGGESTION: Need.CORRECT,
    Motive.RETALIATION: Need.CORRECT,
    Motive.HARASSMENT: None,
}
"""Need behind each motive."""

MOTIVES: dict[Interest, tuple[Motive, ...]] = {
    Interest.MONEY: (Motive.COMPENSATION, Motive.REFUND),
    Interest.APOLOGY: (Motive.APOLOGY,),
    Interest.TIME: (Motive.TIME,),
    Interest.RESPECT: (Motive.RESPECT,),
    Interest.UNDERSTANDING: (Motive.UNDERSTANDING,),
    Interest.SAFETY: (),
    Interest.FIX: (),
    Interest.FAIRNESS: (),
    Interest.OTHER: (),
}
"""Motives that a recorded interest of the complainant confirms (`sources.md` 28, 72)."""

NEEDED: dict[Interest, Need] = {Interest.FIX: Need.SOLVE, Interest.SAFETY: Need.SAFE}
"""Need of an interest that shows no motive."""

GOALS = frozenset({Motive.COMPENSATION, Motive.REFUND, Motive.APOLOGY, Motive.TIME})
"""Motives that name something that can be given."""


class Behaviour(BaseModel):
    """Observed behaviour on two axes (`sources.md` 29). Its four cells have no names: one was lost."""

    agitated: bool
    clear_goal: bool


def needs_of(motives: Iterable[Motive], *, danger: bool) -> list[Need]:
    """Needs behind these motives, each once; in a danger, safety first."""
    found = [Need.SAFE] if danger else []
    return list(dict.fromkeys(found + [need for one in motives if (need := NEEDS[one])]))


def psychology_of(motives: Iterable[Motive]) -> list[Psychology]:
    """Types that these motives point to, each once."""
    return list(dict.fromkeys(kind for one in motives if (kind := PSYCHOLOGY[one])))


def behaviour_of(styles: Iterable[Style], motives: Iterable[Motive], remedy_sought: str | None) -> Behaviour:
    """Behaviour by the styles, the motives, and the remedy that was asked for."""
    goal = bool(remedy_sought) or not GOALS.isdisjoint(motives)
    return Behaviour(agitated=Style.ANGRY in styles, clear_goal=goal)
