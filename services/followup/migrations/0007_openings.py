"""Opening of each follow-up, so that its workflow can be started again from our own tables."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("followup", sa.Column("opening", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("followup") as table:
        table.drop_column("opening")
