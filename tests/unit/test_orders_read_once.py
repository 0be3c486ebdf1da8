"""An order is read once: the SDK decodes it for the validator and anew for the handler of its Update."""

from shared.contract.commands import Accepted, Command, Pause
from shared.contract.errors import ErrorCode, Refusal
from shared.contract.orders import Order
from shared.contract.reading_orders import ReadOnce, typed
from shared.contract.values import Actor
from tests.unit.cases import play

LEAD = Actor(id="lead-1", role="lead")


def order(**data: object) -> Order:
    return Order(command_id="c", verb="pause", actor=LEAD, data=data or {"reason": "r"})


def counted() -> tuple[ReadOnce[Command | Refusal], list[Order]]:
    read: list[Order] = []

    def reading(one: Order) -> Command | Refusal:
        read.append(one)
        return typed(one, Pause)

    return ReadOnce(reading), read


def test_the_handler_takes_what_the_validator_read() -> None:
    orders, read = counted()
    kept = orders.keep(order())
    assert orders.take(order().model_copy(deep=True)) is kept
    assert len(read) == 1


def test_a_replay_which_runs_no_validator_reads_it_in_the_handler() -> None:
    orders, read = counted()
    assert orders.take(order()) == Pause(reason="r")
    assert len(read) == 1


def test_another_order_under_the_same_id_is_read_for_itself() -> None:
    orders, _ = counted()
    orders.keep(order())
    assert orders.take(order(reason="s")) == Pause(reason="s")


def test_a_case_reads_an_order_once_for_its_validator_and_its_handler() -> None:
    case, read = play().case, []
    plain = case._orders._read
    case._orders._read = lambda one: read.append(one) or plain(one)  # type: ignore[func-returns-value]
    assert case.refusal(order()) is None
    assert isinstance(case.decide(order(), play().now), Accepted)
    assert len(read) == 1
    assert case._orders._kept == {}


def test_a_case_keeps_nothing_of_an_order_that_it_refuses() -> None:
    case = play().case
    refusal = case.refusal(order(until="tomorrow", reason="r"))
    assert refusal is not None
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, "data.until")
    assert case._orders._kept == {}
