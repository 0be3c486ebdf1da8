"""Numbers, and amounts of money."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_extra_types.currency_code import Currency

from shared.contract.values.currencies import decimal_places
from shared.contract.values.problems import problem, with_words


def _a_number(value: Any) -> Any:
    """Check for a number. A text or a truth value is refused, because its meaning would be a guess."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise problem("no_whole_number")
    return value


A_NUMBER = BeforeValidator(_a_number)
"""Validator after an `int` and its limits: it accepts a JSON number, never a text that looks like a
number.
"""

AMOUNT = with_words(
    r"^[0-9]{1,13}(\.[0-9]{1,4})?$",
    "must be a decimal text such as 199.00: not negative, at most 13 digits before the point and 4 after it",
    "必须是十进制数文本，例如 199.00：不得为负，小数点前最多 13 位，小数点后最多 4 位",
)


_CURRENCY: TypeAdapter[str] = TypeAdapter(Currency)


def is_currency(code: str) -> bool:
    """Whether this is a code of ISO 4217."""
    try:
        _CURRENCY.validate_python(code)
    except ValidationError:
        return False
    return True


class Money(BaseModel):
    """Amount: a decimal text, and an ISO 4217 code that decides how many decimal places it may use."""

    value: Annotated[str, StringConstraints(pattern=AMOUNT)]
    currency: Currency

    @model_validator(mode="after")
    def can_be_paid(self) -> Self:
        """Refuse an amount that cannot be paid, such as 1.55 yen; zeros at the end, as in 100.00, are
        ignored.
        """
        if len(self.value.partition(".")[2].rstrip("0")) > decimal_places(self.currency):
            raise problem("too_many_decimals")
        return self

    def compared(self, other: "Money") -> int | None:
        """Comparison with another amount: -1, 0 or 1 if this is less, equal or more; None across
        currencies.
        """
        if self.currency != other.currency:
            return None
        return (self.amount > other.amount) - (self.amount < other.amount)

    def within(self, limits: Mapping[str, Decimal]) -> bool | None:
        """Whether it is at most the limit of its currency; None where its currency has no limit."""
        limit = limits.get(str(self.currency))
        return None if limit is None else self.amount <= limit

    def step_of(self, steps: Mapping[str, Mapping[Decimal, int]]) -> int | None:
        """Value of the highest step that the amount reaches in its currency; None for a currency without
        steps.
        """
        own = steps.get(str(self.currency))
        if own is None:
            return None
        return next((more for least, more in sorted(own.items(), reverse=True) if self.amount >= least), 0)

    @property
    def amount(self) -> Decimal:
        return Decimal(self.value)
