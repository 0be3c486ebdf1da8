"""Turns of sources in the queue: complaints of one severity are started source by source."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

LINE = "waiting_line"
GRAVEST = sa.text("severity DESC")


def upgrade() -> None:
    begun = sa.text("'2000-01-01 00:00:00'")
    op.add_column("waiting", sa.Column("source", sa.String(), nullable=False, server_default=""))
    op.add_column("waiting", sa.Column("turn", sa.BigInteger(), nullable=False, server_default="0"))
    joined = sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False, server_default=begun)
    op.add_column("waiting", joined)
    op.drop_index(LINE, "waiting")
    op.create_index(LINE, "waiting", [GRAVEST, "turn", "received_at", "complaint_id"])
    op.create_index("waiting_source", "waiting", ["severity", "source", "turn"])
    op.create_index("waiting_longest", "waiting", ["joined_at", "complaint_id"])


def downgrade() -> None:
    op.drop_index("waiting_longest", "waiting")
    op.drop_index("waiting_source", "waiting")
    op.drop_index(LINE, "waiting")
    op.create_index(LINE, "waiting", [GRAVEST, "received_at", "complaint_id"])
    for name in ("joined_at", "turn", "source"):
        op.drop_column("waiting", name)
