"""Which browsers are known to an account, and how often a locked screen was opened wrongly."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("logins", sa.Column("wrong", sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "browsers",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("staff", sa.String, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("locked_until", sa.BigInteger, nullable=False),
    )
    op.create_index("browsers_staff", "browsers", ["staff"])
