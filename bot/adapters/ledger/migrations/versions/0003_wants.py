"""Who asked to be told about what."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wants",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("conversation", sa.String, nullable=False),
        sa.Column("topic", sa.String, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("terms", sa.LargeBinary, nullable=False),
        sa.Column("told", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("next_look", sa.BigInteger, nullable=False),
        sa.Column("worker", sa.String, nullable=False),
        sa.Column("leased_until", sa.BigInteger, nullable=False),
    )
    op.create_index("wants_number", "wants", ["number"])
    op.create_index("wants_next_look", "wants", ["next_look"])
