"""Staff, log-ins, transcripts, sessions of the desk, what was not understood, and who looked at what."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff",
        sa.Column("number", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("roles", sa.String, nullable=False),
        sa.Column("skills", sa.String, nullable=False),
        sa.Column("jid", sa.String, nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        sa.Column("password", sa.String, nullable=False),
        sa.Column("totp", sa.LargeBinary, nullable=False),
        sa.Column("step", sa.BigInteger, nullable=False),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("locked_until", sa.BigInteger, nullable=False),
        sa.Column("added", sa.BigInteger, nullable=False),
        sa.Column("disabled", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "logins",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("staff", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.BigInteger, nullable=False),
        sa.Column("locked", sa.Boolean, nullable=False),
    )
    op.create_index("logins_staff", "logins", ["staff"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("staff", sa.String, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("about", sa.String, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("reason", sa.LargeBinary),
    )
    op.create_index("audit_at", "audit", ["at"])
    op.create_table(
        "turns",
        sa.Column("conversation", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("session", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("intent", sa.String, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("lines", sa.LargeBinary, nullable=False),
    )
    known = sa.text("number != ''")
    op.create_index("turns_number", "turns", ["number"], sqlite_where=known, postgresql_where=known)
    op.create_index("turns_at", "turns", ["at"])
    op.create_table(
        "cases",
        sa.Column("session", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("conversation", sa.String, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("staff", sa.String, nullable=False),
        sa.Column("skill", sa.String, nullable=False),
        sa.Column("intent", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("taken", sa.BigInteger, nullable=False),
        sa.Column("first", sa.BigInteger, nullable=False),
        sa.Column("over", sa.BigInteger, nullable=False),
        sa.Column("wrapped", sa.BigInteger, nullable=False),
        sa.Column("transfers", sa.Integer, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("rated", sa.Integer, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("card", sa.LargeBinary, nullable=False),
    )
    op.create_index("cases_at", "cases", ["at"])
    op.create_index("cases_number", "cases", ["number", "at"])
    op.create_index("cases_staff", "cases", ["staff", "at"])
    op.create_table(
        "unheard",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("conversation", sa.String, nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.Column("intent", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
    )
    op.create_index("unheard_at", "unheard", ["at"])
