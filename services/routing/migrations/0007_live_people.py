"""Roster in which a complaint's people were looked up, whether one is missing, and the policy in force."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("complaint_case", sa.Column("roster", sa.String(), nullable=False, server_default=""))
    op.add_column(
        "complaint_case", sa.Column("unattended", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index("complaint_case_roster", "complaint_case", ["roster", "complaint_id"])
    op.add_column("policy", sa.Column("in_force_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("policy", "in_force_at")
    op.drop_index("complaint_case_roster", "complaint_case")
    op.drop_column("complaint_case", "unattended")
    op.drop_column("complaint_case", "roster")
