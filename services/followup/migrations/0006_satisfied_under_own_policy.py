"""Whether a verdict counts as satisfied under the policy that its complaint was opened under."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("verdict", sa.Column("satisfied", sa.Boolean(), nullable=False, server_default=sa.false()))
    verdict = sa.table("verdict", *(sa.column(name) for name in ("satisfied", "resolved", "overall")))
    # Verdicts from before were counted by the only policy that there was: resolved, and three or better.
    op.execute(
        verdict.update()
        .where(verdict.c.resolved == sa.true(), verdict.c.overall >= 3)
        .values(satisfied=sa.true())
    )


def downgrade() -> None:
    with op.batch_alter_table("verdict") as table:
        table.drop_column("satisfied")
