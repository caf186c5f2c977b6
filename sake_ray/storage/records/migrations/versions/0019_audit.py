"""The audit log, which the database itself keeps from being changed; and whether ops see documents."""

import sqlalchemy as sa
from alembic import op

from sake_ray.storage.records.metadata import UtcDateTime

revision = "0019"
down_revision = "0018"

SQLITE = [
    f"CREATE TRIGGER audit_no_{act.lower()} BEFORE {act} ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    for act in ("UPDATE", "DELETE")
]
POSTGRESQL = [
    """CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$""",
    """CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()""",
]


def upgrade() -> None:
    """Create the tables and the triggers. Ops saw every document; from now on those that an admin lets."""
    op.create_table(
        "audit",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("peer", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
    )
    for columns in (["at"], ["by", "number"], ["action", "number"], ["subject", "number"]):
        op.create_index(op.f(f"ix_audit_{'_'.join(columns)}"), "audit", columns)
    head = op.create_table(
        "audit_head",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_head")),
    )
    op.bulk_insert(head, [{"number": 0, "hash": ""}])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    op.add_column("accounts", sa.Column("sees_documents", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Drop the log with everything in it: write it to a file first, by `sake audit --csv`."""
    op.drop_table("audit")
    op.drop_table("audit_head")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_audit_change()")
    op.drop_column("accounts", "sees_documents")
