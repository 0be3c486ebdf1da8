"""Digests of contents by the id of their submission or command, and the first reply to each command."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column(
        "complaint", sa.Column("digest", sa.LargeBinary(), nullable=False, server_default=sa.text("''"))
    )
    op.create_table(
        "further_content",
        sa.Column("complaint_id", sa.String(), primary_key=True),
        sa.Column("digest", sa.LargeBinary(), primary_key=True),
        sa.Column("into", sa.String(), nullable=False),
    )
    op.create_table(
        "command_digest",
        sa.Column("complaint_id", sa.String(), primary_key=True),
        sa.Column("command_id", sa.String(), primary_key=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "command_reply",
        sa.Column("complaint_id", sa.String(), primary_key=True),
        sa.Column("command_id", sa.String(), primary_key=True),
        sa.Column("reply", sa.LargeBinary(), nullable=False),
    )
    with op.batch_alter_table("command") as table:
        table.drop_column("verb")


def downgrade() -> None:
    op.add_column("command", sa.Column("verb", sa.String(), nullable=True))
    for table in ("command_reply", "command_digest", "further_content"):
        op.drop_table(table)
    with op.batch_alter_table("complaint") as complaint:
        complaint.drop_column("digest")
