"""Swaps of shifts, and the commands about them."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

SWAPS, COMMANDS = "shift_swap", "shift_swap_command"


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        SWAPS,
        sa.Column("swap_id", sa.String(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("by", "to", "status")),
        *(
            sa.Column(name, instant, nullable=False)
            for name in ("by_since", "by_until", "to_since", "to_until", "proposed_at")
        ),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", instant, nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
    )
    op.create_table(
        COMMANDS,
        sa.Column("command_id", sa.String(), primary_key=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("reply", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table(COMMANDS)
    op.drop_table(SWAPS)
