"""Customers by register and reference. Rows stored so far have a register for each source."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

OWN = "char(10) || source || char(10) || customer_ref"
OWN_ON_POSTGRESQL = "chr(10) || source || chr(10) || customer_ref"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in ("complaint", "grumble"):
        op.add_column(table, sa.Column("customer", sa.String(), nullable=True))
    op.execute(f"UPDATE complaint SET customer = {OWN if sqlite else OWN_ON_POSTGRESQL}")
    op.execute(
        "UPDATE grumble SET customer = (SELECT c.customer FROM complaint c"
        " WHERE c.complaint_id = grumble.complaint_id)"
    )
    for name in ("complaint", "grumble"):
        with op.batch_alter_table(name) as altered:
            altered.alter_column("customer", nullable=False, existing_type=sa.String())
    op.drop_index("ix_complaint_customer", "complaint")
    op.create_index("ix_complaint_customer", "complaint", ["customer", "recorded_at"])
    op.drop_index("ix_grumble_customer_ref", "grumble")
    op.create_index("ix_grumble_customer", "grumble", ["customer"])


def downgrade() -> None:
    op.drop_index("ix_complaint_customer", "complaint")
    op.create_index("ix_complaint_customer", "complaint", ["customer_ref", "recorded_at"])
    op.drop_index("ix_grumble_customer", "grumble")
    op.create_index("ix_grumble_customer_ref", "grumble", ["customer_ref"])
    for name in ("complaint", "grumble"):
        with op.batch_alter_table(name) as altered:
            altered.drop_column("customer")
