"""Complaints that wait for their workflow to be started."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "waiting",
        sa.Column("complaint_id", sa.String(), primary_key=True),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_index("waiting_line", "waiting", [sa.text("severity DESC"), "received_at", "complaint_id"])


def downgrade() -> None:
    op.drop_table("waiting")
