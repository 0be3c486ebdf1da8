"""Digest of the content beside each command id."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "command_digest",
        sa.Column("complaint_id", sa.String(), primary_key=True),
        sa.Column("command_id", sa.String(), primary_key=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("command_digest")
