"""Precedents: what comparable closed complaints got, as figures of at least five."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, insert

from services.routing.precedents import citation, keep_precedent, precedent
from services.routing.tables import PrecedentRow
from services.routing.view import view
from shared.contract.errors import ErrorCode, Refusal
from shared.contract.events import OfferMade
from shared.contract.orders import Order
from shared.contract.queries import Precedent, PrecedentMarks
from shared.runtime.storage import migrations
from shared.runtime.storage.database import Database
from tests.unit.cases import Playing, actor, play

MARKS = {"category": "product", "cause_side": "defect", "severity": 3, "loss_from": "0", "currency": "CNY"}
OFFER = {"option_id": "some", "standards": ["precedent-1"], "text": "t"}

PLAN = (
    "EXPLAIN QUERY PLAN SELECT minor FROM precedent WHERE category='product' AND cause_side='defect' "
    "AND severity=3 AND loss_from='0' AND currency='CNY' ORDER BY minor LIMIT 2 OFFSET 10"
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    held = Database(f"sqlite+aiosqlite:///{tmp_path / 'routing.db'}")
    migrations.upgrade("routing", held)
    yield held
    held.close()


def clarified(loss: str | None = "199.00") -> Playing:
    case = play(
        loss={"value": loss, "currency": "CNY"} if loss else None,
        hints={"severity": 3, "category": "product"},
    )
    case.owner("clarify", cause="c", cause_side="defect", liability="company")
    return case


def closed(amount: str, outcome: str = "satisfied") -> Playing:
    """Complaint that ended with this amount."""
    case = clarified()
    case.owner("respond", kind="plan", text="t")
    case.owner("record_interest", party="customer", interest="money", confirmed=True)
    money = {"value": amount, "currency": "CNY"}
    options = [
        {"option_id": "no", "remedy": "apology"},
        {"option_id": "some", "remedy": "refund", "amount": money},
    ]
    case.owner("prepare_options", options=options)
    case.customer("answer", offer_id=case.offered("some", why_outside="t"), answer="accepted")
    for action in list(case.case.state.actions):
        case.owner("complete_action", action_id=action.action_id, evidence="e")
    case.close(outcome)
    return case


def keep(database: Database, case: Playing, name: str) -> None:
    state = view(case.case.state)
    state.complaint_id = name
    with Session(database.engine) as session, session.begin():
        keep_precedent(session, database, state)
        keep_precedent(session, database, state)


def figures(database: Database, **other: object) -> Precedent:
    with Session(database.engine) as session:
        return precedent(session, PrecedentMarks.model_validate(MARKS | other))


def test_under_five_cases_nothing_is_shown(database: Database) -> None:
    for number, amount in enumerate(["100", "120", "140", "160"]):
        keep(database, closed(amount), f"C{number}")
    found = figures(database).model_dump(exclude_none=True)
    assert found == MARKS | {"hidden": True}
    assert citation(figures(database)) is None


def test_five_cases_show_their_number_median_and_quartiles(database: Database) -> None:
    for number, amount in enumerate(["180", "100", "120", "140", "160.50"]):
        keep(database, closed(amount), f"C{number}")
    found = figures(database)
    assert (found.hidden, found.cases) == (False, 5)
    assert [one.value for one in (found.lower, found.median, found.upper)] == ["120.00", "140.00", "160.50"]
    assert figures(database, severity=4).hidden
    assert figures(database, currency="USD").hidden


@pytest.mark.parametrize("outcome", ["withdrawn", "referred", "merged"])
def test_an_end_without_redress_of_ours_is_no_precedent(database: Database, outcome: str) -> None:
    for number in range(5):
        keep(database, closed("100", outcome), f"C{number}")
    assert figures(database).hidden


def test_an_open_complaint_is_none(database: Database) -> None:
    for number in range(6):
        keep(database, clarified(), f"C{number}")
    assert figures(database).hidden


def test_among_a_hundred_thousand_the_figures_are_quick(database: Database) -> None:
    rows = [
        {"complaint_id": f"C{number}", **MARKS, "minor": number % 50_000, "severity": 1 + number % 5}
        for number in range(100_000)
    ]
    with Session(database.engine) as session, session.begin():
        session.connection().execute(insert(PrecedentRow), rows)
    began = time.process_time()
    found = figures(database)
    assert found.cases == 20_000
    assert time.process_time() - began < 1
    with Session(database.engine) as session:
        plan = str(session.connection().exec_driver_sql(PLAN).all())
    assert "COVERING INDEX precedent_comparable" in plan
    assert "TEMP" not in plan


def cites(case: Playing, attached: dict[str, object] | None) -> object:
    order = Order(command_id="c", verb="offer", actor=actor("agent-1"), data=OFFER, attached=attached)
    return case.case.decide(order, case.now)


def test_an_offer_cites_a_precedent_with_its_figures() -> None:
    case = clarified().ready_to_offer()
    money = {"value": "140.00", "currency": "CNY"}
    found = MARKS | {"cases": 5, "median": money, "lower": money, "upper": money}
    assert not isinstance(cites(case, {"precedent": found}), Refusal)
    made = [one.fact() for one in case.case.take_new_facts()]
    (ref,) = next(one for one in made if isinstance(one, OfferMade)).standards
    assert ref.precedent is not None
    assert (ref.id, ref.precedent.cases, ref.precedent.median.value) == ("precedent-1", 5, "140.00")


@pytest.mark.parametrize("attached", [None, {"precedent": None}])
def test_a_precedent_of_too_few_cases_cannot_be_cited(attached: dict[str, object] | None) -> None:
    refusal = cites(clarified().ready_to_offer(), attached)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.field) == (ErrorCode.NEEDS_STANDARD, "data.standards")


def test_the_band_of_a_loss_is_that_of_the_severity_table() -> None:
    bands = {
        loss: view(clarified(loss).case.state).negotiation["comparable"]
        for loss in ("999.99", "1000", "20000")
    }
    assert [one["loss_from"] for one in bands.values()] == ["0", "1000", "10000"]
    assert view(clarified(None).case.state).negotiation["comparable"] is None
