"""Cases, policies, remembered replies, and encrypted texts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _cases()
    _policies()
    _replies_and_texts()


def _cases() -> None:
    op.create_table(
        "complaint_case",
        sa.Column("complaint_id", sa.String(), primary_key=True),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_due", sa.DateTime(timezone=True)),
        sa.Column("next_obligation", sa.String()),
        sa.Column("outcome", sa.String()),
        sa.Column("recorded_seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("followup", sa.JSON(), nullable=False),
    )
    op.create_index("complaint_case_worklist", "complaint_case", ["stage", "next_due", "complaint_id"])
    op.create_index("complaint_case_owner", "complaint_case", ["owner", "stage"])


def _policies() -> None:
    op.create_table(
        "policy",
        sa.Column("hash", sa.String(), primary_key=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )


def _replies_and_texts() -> None:
    op.create_table(
        "recorded_fact",
        sa.Column("complaint_id", sa.String(), primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("recorded", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "command_reply",
        sa.Column("complaint_id", sa.String(), primary_key=True),
        sa.Column("command_id", sa.String(), primary_key=True),
        sa.Column("reply", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "text_key",
        sa.Column("complaint_id", sa.String(), primary_key=True),
        sa.Column("master_key_id", sa.String(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "text",
        sa.Column("ref", sa.String(), primary_key=True),
        sa.Column("complaint_id", sa.String(), nullable=False, index=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "text_read",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("ref", sa.String(), nullable=False, index=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    for table in ("text_read", "text", "text_key", "command_reply", "recorded_fact"):
        op.drop_table(table)
    for table in ("policy", "complaint_case"):
        op.drop_table(table)
