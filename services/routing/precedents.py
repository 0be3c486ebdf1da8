"""Precedents in the database: a row for each closed complaint that counts, and figures of those alike.

A figure is found in the index, so its time does not grow with the table: the rows are in it in the order of
their amounts.
"""

from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, func, select

from services.routing.rules.precedents import COUNTED
from services.routing.tables import PrecedentRow
from shared.contract.events import CitedPrecedent
from shared.contract.queries import LEAST_CASES, ComplaintState, Precedent, PrecedentMarks
from shared.contract.values import Money, Stage
from shared.contract.values.currencies import decimal_places
from shared.runtime.storage.database import Database

NO_LOSS = ""


def keep_precedent(session: Session, database: Database, state: ComplaintState) -> None:
    """Keep the row of a complaint that is closed, once."""
    marks = state.negotiation.get("comparable")
    if state.stage != Stage.CLOSED or state.outcome not in COUNTED or not marks:
        return
    one = PrecedentMarks.model_validate(marks)
    amount = Decimal(str(state.negotiation["got"]))
    values = _cell(one) | {
        "complaint_id": state.complaint_id,
        "minor": int(amount.scaleb(decimal_places(one.currency))),
    }
    insert = database.insert(PrecedentRow).values(**values)
    session.connection().execute(insert.on_conflict_do_update(index_elements=["complaint_id"], set_=values))


def precedent(session: Session, one: PrecedentMarks) -> Precedent:
    """Figures of the complaints that are comparable."""
    row, cell = PrecedentRow, _cell(one)
    same = [getattr(row, name) == value for name, value in cell.items()]
    cases = session.exec(select(func.count()).select_from(row).where(*same)).one()
    if cases < LEAST_CASES:
        return Precedent(**one.model_dump(), hidden=True)
    ordered = select(row.minor).where(*same).order_by(col(row.minor))

    def quartile(number: int) -> Money:
        place = Decimal((cases - 1) * number) / 4
        near = session.exec(ordered.offset(int(place)).limit(2)).all()
        between = Decimal(near[0]) + (near[-1] - near[0]) * (place % 1)
        return _money(between, one.currency)

    figures = {name: quartile(number) for number, name in ((1, "lower"), (2, "median"), (3, "upper"))}
    return Precedent(**one.model_dump(), hidden=False, cases=cases, **figures)


def citation(found: Precedent) -> dict[str, Any] | None:
    """Figures as an offer cites them; None if they are hidden."""
    if found.hidden:
        return None
    return CitedPrecedent.model_validate(found.model_dump(exclude={"hidden"})).model_dump(mode="json")


def _cell(one: PrecedentMarks) -> dict[str, Any]:
    return {
        "category": one.category,
        "cause_side": one.cause_side,
        "severity": one.severity,
        "loss_from": one.loss_from or NO_LOSS,
        "currency": one.currency,
    }


def _money(minor: Decimal, currency: str) -> Money:
    places = decimal_places(currency)
    return Money.model_validate({"value": f"{minor.scaleb(-places):.{places}f}", "currency": currency})
