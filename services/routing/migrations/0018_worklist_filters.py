"""Filters of the worklist, each with an index in the order of the due instants, and for whom something waits.

Rows of complaints that are open get the new columns from their state.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

FILTERS = ("owner", "team", "stage", "severity", "category", "regimes", "unsure")
OPEN = sa.text("stage <> 'closed'")
CASE = sa.table(
    "complaint_case",
    *(sa.column(name) for name in ("complaint_id", "stage", "regimes", "unsure", "waits_for")),
    sa.column("state", sa.JSON),
    sa.column("next_due", sa.DateTime(timezone=True)),
)
WAITING = sa.table(
    "case_waiting",
    *(sa.column(name) for name in ("person", "complaint_id")),
    sa.column("next_due", sa.DateTime(timezone=True)),
)
PAGE = 500


def upgrade() -> None:
    for name in ("regimes", "waits_for"):
        op.add_column("complaint_case", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column(
        "complaint_case", sa.Column("unsure", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "case_waiting",
        sa.Column("person", sa.String(), primary_key=True),
        sa.Column("complaint_id", sa.String(), primary_key=True),
        sa.Column("next_due", sa.DateTime(timezone=True)),
    )
    op.create_index("case_waiting_due", "case_waiting", ["person", "next_due", "complaint_id"])
    op.create_index("case_waiting_complaint", "case_waiting", ["complaint_id"])
    _fill(op.get_bind())
    for leading in FILTERS:
        rest = [name for name in FILTERS if name != leading]
        columns = [leading, "next_due", "complaint_id", *rest]
        name = f"complaint_case_open_{leading}"
        op.create_index(name, "complaint_case", columns, sqlite_where=OPEN, postgresql_where=OPEN)


def _fill(connection: sa.Connection) -> None:
    after, columns = "", CASE.c
    wanted = sa.select(columns.complaint_id, columns.state, columns.next_due).where(columns.stage != "closed")
    while True:
        page = wanted.where(columns.complaint_id > after).order_by(columns.complaint_id).limit(PAGE)
        rows = connection.execute(page).all()
        for complaint, state, due in rows:
            _fill_one(connection, complaint, json.loads(state) if isinstance(state, str) else state, due)
        if len(rows) < PAGE:
            return
        after = rows[-1][0]


def _fill_one(connection: sa.Connection, complaint: str, state: dict[str, Any], due: Any) -> None:
    regimes = {
        one["regime"]
        for one in state.get("obligations", ())
        if one["status"] in ("running", "paused", "breached")
    }
    people = {one["to"] for one in state.get("approvals", ()) if one["status"] == "open"}
    people |= {state["proposed_owner"]} if state.get("proposed_owner") else set()
    people -= {state.get("owner")}
    values = {"regimes": _spaced(regimes), "waits_for": _spaced(people), "unsure": bool(state.get("unsure"))}
    connection.execute(sa.update(CASE).where(CASE.c.complaint_id == complaint).values(**values))
    for one in sorted(people):
        connection.execute(sa.insert(WAITING).values(person=one, complaint_id=complaint, next_due=due))


def _spaced(names: set[str]) -> str:
    return f" {' '.join(sorted(names))} " if names else ""


def downgrade() -> None:
    for leading in FILTERS:
        op.drop_index(f"complaint_case_open_{leading}", "complaint_case")
    op.drop_table("case_waiting")
    for name in ("unsure", "waits_for", "regimes"):
        op.drop_column("complaint_case", name)
