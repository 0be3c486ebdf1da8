"""What several messages told of a loss, for the complaint into which they are merged."""

from services.intake.losses import as_fields, largest, losses_in
from shared.contract.values import Money


def cny(value: str) -> Money:
    return Money(value=value, currency="CNY")


def test_the_largest_loss_of_each_currency_stays_in_the_order_of_first_naming() -> None:
    usd = [Money(value=value, currency="USD") for value in ("2.00", "1.00")]
    assert largest([cny("5.00"), None, usd[0], cny("9.00"), usd[1]]) == [cny("9.00"), usd[0]]
    assert largest([None]) == []


def test_the_losses_of_a_fact_are_read_as_they_were_written() -> None:
    losses = [cny("9.00"), Money(value="1.00", currency="USD")]
    assert losses_in(as_fields(losses)) == losses
    assert losses_in(as_fields([])) == losses_in({"channel": "web"}) == []
