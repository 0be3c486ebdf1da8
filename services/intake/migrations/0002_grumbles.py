"""Grumbles, their customers, and an index of the commands whose facts are unpublished."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

UNSAID = "ix_command_unsaid"


def upgrade() -> None:
    op.create_table(
        "grumble",
        sa.Column("complaint_id", sa.String(), primary_key=True),
        sa.Column("customer_ref", sa.String(), nullable=False, index=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received", sa.LargeBinary(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("into", sa.String(), nullable=True),
        sa.Column("because", sa.String(), nullable=True),
    )
    op.create_table(
        "grumbler",
        sa.Column("customer_ref", sa.String(), primary_key=True),
        sa.Column("grumbles", sa.Integer(), nullable=False),
    )
    op.create_index(
        UNSAID,
        "command",
        ["complaint_id"],
        sqlite_where=sa.text("published = 0"),
        postgresql_where=sa.text("NOT published"),
    )


def downgrade() -> None:
    op.drop_index(UNSAID, "command")
    for table in ("grumbler", "grumble"):
        op.drop_table(table)
