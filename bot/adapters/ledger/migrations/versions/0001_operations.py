"""The table of operations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "operations",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("serial", sa.String, nullable=False, unique=True),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("conversation", sa.String, nullable=False),
        sa.Column("intent", sa.String, nullable=False),
        sa.Column("terms", sa.LargeBinary, nullable=False),
        sa.Column("external_key", sa.String, nullable=False),
        sa.Column("external_ref", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("reason", sa.LargeBinary),
        sa.Column("consent", sa.LargeBinary),
        sa.Column("consented_at", sa.BigInteger),
        sa.Column("verdict", sa.String, nullable=False),
        sa.Column("entry", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("receipt", sa.Boolean, nullable=False),
        sa.Column("drafted_at", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("next_look", sa.BigInteger),
        sa.Column("worker", sa.String, nullable=False),
        sa.Column("leased_until", sa.BigInteger, nullable=False),
    )
    op.create_index("operations_number", "operations", ["number", "drafted_at"])
    op.create_index("operations_next_look", "operations", ["next_look"])
