"""Opening of each case, so that its workflow can be started again from our own tables."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pinned_rules",
        sa.Column("hash", sa.String(), primary_key=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "case_opening",
        sa.Column("complaint_id", sa.String(), primary_key=True),
        sa.Column("pinned", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("case_opening")
    op.drop_table("pinned_rules")
