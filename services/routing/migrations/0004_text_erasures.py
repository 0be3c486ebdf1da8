"""Complaints whose texts were destroyed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "text_erasure",
        sa.Column("complaint_id", sa.String(), primary_key=True),
        sa.Column("erasure_id", sa.String(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("text_erasure")
