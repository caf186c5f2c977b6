"""Webhooks and what they are told. Going back loses both."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DUE = sa.text("status = 'PENDING'")
COMPLETED = """
UPDATE batches SET completed = true WHERE EXISTS (SELECT 1 FROM documents WHERE documents.batch = batches.uuid)
AND NOT EXISTS (SELECT 1 FROM documents WHERE documents.batch = batches.uuid
AND documents.status IN ('PENDING', 'IN_PROGRESS', 'NEEDS_OPS'))
"""


def upgrade() -> None:
    """Make the tables, and note which batches are completed already, so that nobody is told of those."""
    op.add_column("batches", sa.Column("completed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(COMPLETED)
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=True),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
    )
    op.create_table(
        "deliveries",
        sa.Column("number", NUMBER, nullable=False, autoincrement=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("webhook", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("occurred_at", MOMENT, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("attempted_at", MOMENT, nullable=True),
        sa.Column("response", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False, server_default=""),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_params", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_deliveries"),
        sa.UniqueConstraint("id", name="uq_deliveries_id"),
    )
    due = ["webhook", "not_before", "number"]
    op.create_index("ix_deliveries_due", "deliveries", due, sqlite_where=DUE, postgresql_where=DUE)
    op.create_index("ix_deliveries_status_number", "deliveries", ["status", "number"])
    op.create_index("ix_deliveries_webhook_number", "deliveries", ["webhook", "number"])
    op.create_index("ix_deliveries_occurred_at", "deliveries", ["occurred_at"])


def downgrade() -> None:
    """Drop them; what was not delivered is lost."""
    op.drop_table("deliveries")
    op.drop_table("webhooks")
    op.drop_column("batches", "completed")
