"""Follow-ups, verdicts, responses, policies, facts, remembered replies and texts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _followups()
    _rates()
    _facts_replies_and_texts()


def _followups() -> None:
    op.create_table(
        "followup",
        sa.Column("complaint_id", sa.String(), primary_key=True),
        sa.Column("cycle", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("owner", sa.String()),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("callback", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True)),
        sa.Column("window_end", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.String()),
        sa.Column("reopened", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "followup_policy",
        sa.Column("hash", sa.String(), primary_key=True),
        sa.Column("pinned", sa.LargeBinary(), nullable=False),
    )


def _rates() -> None:
    op.create_table(
        "verdict",
        sa.Column("complaint_id", sa.String(), primary_key=True),
        sa.Column("cycle", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("resolved", sa.Boolean(), nullable=False),
        sa.Column("overall", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Integer(), nullable=False),
        sa.Column("process", sa.Integer(), nullable=False),
        sa.Column("treatment", sa.Integer(), nullable=False),
        sa.Column("nps", sa.Integer()),
    )
    op.create_table(
        "response",
        sa.Column("complaint_id", sa.String(), primary_key=True),
        sa.Column("in_time", sa.Boolean(), nullable=False),
    )


def _facts_replies_and_texts() -> None:
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
    tables = ("text_read", "text", "text_key", "command_reply", "recorded_fact", "response", "verdict")
    for table in (*tables, "followup_policy", "followup"):
        op.drop_table(table)
