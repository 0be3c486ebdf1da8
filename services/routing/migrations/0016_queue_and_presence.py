"""Queue of complaints without an owner of their own, customers of complaints, and the presence of people."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

CASES, ASSIGNING, PRESENCE = "complaint_case", "assigning", "presence"


def upgrade() -> None:
    op.add_column(CASES, sa.Column("customer", sa.String(), nullable=True))
    op.add_column(CASES, sa.Column("queued_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column(CASES, sa.Column("wanted", sa.JSON(), nullable=True))
    op.create_index("complaint_case_customer", CASES, ["customer", "received_at"])
    waiting = sa.text("queued_since IS NOT NULL")
    op.create_index(
        "complaint_case_queue",
        CASES,
        [sa.text("severity DESC"), "received_at", "complaint_id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.add_column(ASSIGNING, sa.Column("after_seq", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(ASSIGNING, sa.Column("taken", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table(
        PRESENCE,
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("command_id", sa.String(), nullable=False, unique=True),
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("via", sa.String(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("reply", sa.LargeBinary(), nullable=False),
    )
    op.create_index("presence_staff", PRESENCE, ["staff", "id"])


def downgrade() -> None:
    op.drop_table(PRESENCE)
    op.drop_column(ASSIGNING, "taken")
    op.drop_column(ASSIGNING, "after_seq")
    op.drop_index("complaint_case_queue", CASES)
    op.drop_index("complaint_case_customer", CASES)
    for column in ("wanted", "queued_since", "customer"):
        op.drop_column(CASES, column)
