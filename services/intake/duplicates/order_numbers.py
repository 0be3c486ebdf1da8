"""What senders write as an order number, and what of it tells two orders apart. Pure."""

import re

from shared.contract.values.normal_form import normal_form

LEAST = 4
"""What has fewer characters is no number to find an order by: `1`, `B-2`."""

PLACEHOLDER = re.compile(
    r"(?:na|none|null|nil|nan|unknown|test|tbd|tbc|pending|missing|undefined|x+)\d{0,2}|no|not|"
    r"(?:no|not|un)\w*(?:number|order|known|available|applicable)|[无没未不暂忘].*"
)
"""What is written where there is no number, perhaps counted up: `n/a`, `N/A 1`, `none`, `unknown`, `无`."""


def as_named(order_ref: str | None) -> str | None:
    """Whatever was told as the order, in one form of writing; None where that was nothing."""
    if order_ref is None:
        return None
    folded = normal_form("NFKC", order_ref).casefold()
    named = "".join(character for character in folded if character.isalnum())
    return None if not named or PLACEHOLDER.fullmatch(named) else named


def order_of(order_ref: str | None) -> str | None:
    """An order number in one form of writing; None for what is no number, or too little of one."""
    named = as_named(order_ref)
    if named is None or len(named) < LEAST or len(set(named)) == 1:
        return None
    return named if any(character.isdigit() for character in named) else None
