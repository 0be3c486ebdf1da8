"""Several processes of routing share one queue, and count the load of owners together."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    begun = sa.text("'2000-01-01 00:00:00'")
    op.add_column(
        "waiting", sa.Column("free_at", sa.DateTime(timezone=True), nullable=False, server_default=begun)
    )
    op.add_column("waiting", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "assigning",
        sa.Column("complaint_id", sa.String(), primary_key=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("assigning")
    op.drop_column("waiting", "attempts")
    op.drop_column("waiting", "free_at")
