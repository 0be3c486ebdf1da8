"""Indexes to find complaints that may have the same subject, and the complaint that a merged id leads to."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("complaint", sa.Column("order_hash", sa.String(), nullable=True))
    op.add_column("complaint", sa.Column("merged_into", sa.String(), nullable=True))
    op.create_index("ix_complaint_customer", "complaint", ["customer_ref", "recorded_at"])
    op.create_index("ix_complaint_order_hash", "complaint", ["order_hash"])


def downgrade() -> None:
    op.drop_index("ix_complaint_order_hash", "complaint")
    op.drop_index("ix_complaint_customer", "complaint")
    with op.batch_alter_table("complaint") as table:
        table.drop_column("merged_into")
        table.drop_column("order_hash")
