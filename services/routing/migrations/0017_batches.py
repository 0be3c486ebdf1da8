"""Commands for many complaints are rows, so that another process finishes what a killed one has begun."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("via", sa.String()),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("complaints", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
    )
    op.create_index(
        "batch_left", "batch", ["at"], sqlite_where=sa.text("NOT done"), postgresql_where=sa.text("NOT done")
    )


def downgrade() -> None:
    op.drop_table("batch")
