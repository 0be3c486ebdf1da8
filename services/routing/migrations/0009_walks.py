"""Index for walks through lists, and mark of rows that change during a walk."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OPEN = sa.text("stage <> 'closed'")


def upgrade() -> None:
    op.add_column("complaint_case", sa.Column("sooner_at", sa.DateTime(timezone=True)))
    op.create_index("complaint_case_sooner", "complaint_case", ["sooner_at"])
    op.drop_index("complaint_case_worklist", "complaint_case")
    op.create_index(
        "complaint_case_open",
        "complaint_case",
        [sa.text("(next_due IS NULL)"), "next_due", "complaint_id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_index("complaint_case_open", "complaint_case")
    op.create_index("complaint_case_worklist", "complaint_case", ["stage", "next_due", "complaint_id"])
    op.drop_index("complaint_case_sooner", "complaint_case")
    op.drop_column("complaint_case", "sooner_at")
