"""Win-win: whether a prepared option would have been better for both sides than what was agreed
(`sources.md` 77).
"""

from collections.abc import Iterable

from shared.contract.events import PreparedOption


def better_for_both(options: Iterable[PreparedOption], chosen: PreparedOption) -> list[str]:
    """Options that are at least as good as the chosen one for both sides, and better for one (Pareto).

    An option whose values are not known for both sides is left out.
    """
    values = _values(chosen)
    if values is None:
        return []
    found = [one.option_id for one in options if (own := _values(one)) and _dominates(own, values)]
    return list(dict.fromkeys(found))


def _values(option: PreparedOption) -> tuple[float, float] | None:
    if option.value_to_customer is None or option.value_to_company is None:
        return None
    return option.value_to_customer, option.value_to_company


def _dominates(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one != other and one[0] >= other[0] and one[1] >= other[1]
