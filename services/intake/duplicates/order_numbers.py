"""Order numbers as senders write them, and the part that distinguishes two orders. Pure."""

import re

from shared.contract.values.normal_form import normal_form

LEAST = 4
"""Least number of characters of a number that an order is found by; `1` or `B-2` is too short."""

PLACEHOLDER = re.compile(
    r"(?:na|none|null|nil|nan|unknown|test|tbd|tbc|pending|missing|undefined|x+)\d{0,2}|no|not|"
    r"(?:no|not|un)\w*(?:number|order|known|available|applicable)|[无没未不暂忘].*"
)
"""Texts that senders write where there is no number, perhaps with a counter: `n/a`, `N/A 1`, `none`,
`unknown`, `无`.
"""


def as_named(order_ref: str | None) -> str | None:
    """Text that was given as the order, in normal form; None if it means that there is no number."""
    if order_ref is None:
        return None
    folded = normal_form("NFKC", order_ref).casefold()
    named = "".join(character for character in folded if character.isalnum())
    return None if not named or PLACEHOLDER.fullmatch(named) else named


def order_of(order_ref: str | None) -> str | None:
    """Order number in normal form; None for a text that is no number, or too short."""
    named = as_named(order_ref)
    if named is None or len(named) < LEAST or len(set(named)) == 1:
        return None
    return named if any(character.isdigit() for character in named) else None
