"""Customers of two registers who are one person, linked by a supervisor."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "customer_link",
        sa.Column("one", sa.String(), primary_key=True),
        sa.Column("other", sa.String(), primary_key=True),
    )
    op.create_index("ix_customer_link_other", "customer_link", ["other"])


def downgrade() -> None:
    op.drop_index("ix_customer_link_other", "customer_link")
    op.drop_table("customer_link")
