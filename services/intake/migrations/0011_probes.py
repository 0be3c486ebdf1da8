"""Rows that the health check writes: a row that is tried and removed, and the last fact that the stream
held.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "write_probe",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("filler", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "seen_fact",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("stream_seq", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("seen_fact")
    op.drop_table("write_probe")
