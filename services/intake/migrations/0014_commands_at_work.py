"""Number of tries of a command that have no reply yet: while there is one, a passing refusal frees no id."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("command_digest", sa.Column("working", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("command_digest") as table:
        table.drop_column("working")
