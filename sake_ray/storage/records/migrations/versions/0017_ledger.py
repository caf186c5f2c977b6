"""How many documents each batch and upload was accepted with, and what the checks of the ledger found."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add them; a batch of before counts the documents that it has now."""
    op.add_column("batches", sa.Column("accepted", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE batches SET accepted = (SELECT count(*) FROM documents WHERE documents.batch = batches.uuid)")
    op.add_column("requests", sa.Column("batch", sa.Text(), nullable=True))
    op.add_column("requests", sa.Column("accepted", sa.Integer(), nullable=True))
    op.create_table(
        "faults",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_faults")),
    )
    op.create_table(
        "checks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.JSON(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_checks")),
    )


def downgrade() -> None:
    """Drop them; a check finds again what it found."""
    op.drop_table("checks")
    op.drop_table("faults")
    op.drop_column("requests", "accepted")
    op.drop_column("requests", "batch")
    op.drop_column("batches", "accepted")
