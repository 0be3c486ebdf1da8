"""Indexes of the worklist that each order and filter reads as a range."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OPEN = "complaint_case_open"
RANGES = {
    "complaint_case_due": ["next_due", "complaint_id"],
    "complaint_case_owner_due": ["owner", "next_due", "complaint_id"],
    "complaint_case_team_due": ["team", "next_due", "complaint_id"],
}


def upgrade() -> None:
    op.drop_index(OPEN, "complaint_case")
    _create_open(["next_due", "complaint_id"])
    for name, columns in RANGES.items():
        op.create_index(name, "complaint_case", columns)


def downgrade() -> None:
    for name in RANGES:
        op.drop_index(name, "complaint_case")
    op.drop_index(OPEN, "complaint_case")
    _create_open([sa.text("(next_due IS NULL)"), "next_due", "complaint_id"])


def _create_open(columns: list[str | sa.TextClause]) -> None:
    still_open = sa.text("stage <> 'closed'")
    op.create_index(OPEN, "complaint_case", columns, sqlite_where=still_open, postgresql_where=still_open)
