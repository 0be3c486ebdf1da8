"""Precedents: what closed complaints got, by the marks by which they are compared."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLE = "precedent"
MARKS = ("category", "cause_side", "severity", "loss_from", "currency", "minor")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("complaint_id", sa.String(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("category", "cause_side")),
        sa.Column("severity", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("loss_from", "currency")),
        sa.Column("minor", sa.BigInteger(), nullable=False),
    )
    op.create_index("precedent_comparable", TABLE, list(MARKS))


def downgrade() -> None:
    op.drop_table(TABLE)
