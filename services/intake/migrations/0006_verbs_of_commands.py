"""Verb of each command: the same id with another verb is another order, and no repeat."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("command", sa.Column("verb", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("command") as table:
        table.drop_column("verb")
