"""Through which client an erasure was asked for: the fact names it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("erasure", sa.Column("via", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("erasure") as table:
        table.drop_column("via")
