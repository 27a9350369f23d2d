"""Which number a JID was bound to by SMS."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bindings",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        sa.Column("jid", sa.String, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("bindings_jid", "bindings", ["jid", "seq"])
    op.create_index("bindings_number", "bindings", ["number"])
