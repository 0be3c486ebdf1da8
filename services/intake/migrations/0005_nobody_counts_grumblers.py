"""Remove the row of each customer who grumbled: a process that decides about a customer locks the
customer.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.drop_table("grumbler")


def downgrade() -> None:
    op.create_table(
        "grumbler",
        sa.Column("customer_ref", sa.String(), primary_key=True),
        sa.Column("grumbles", sa.Integer(), nullable=False),
    )
