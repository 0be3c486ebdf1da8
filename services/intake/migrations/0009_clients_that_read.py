"""Through which client a text was read."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("text_read", sa.Column("via", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("text_read") as table:
        table.drop_column("via")
