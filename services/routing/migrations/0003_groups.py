"""Name of the group of a complaint that many complainants share."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("complaint_case", sa.Column("group_ref", sa.String()))
    op.create_index("complaint_case_group", "complaint_case", ["group_ref"])


def downgrade() -> None:
    op.drop_index("complaint_case_group", "complaint_case")
    op.drop_column("complaint_case", "group_ref")
