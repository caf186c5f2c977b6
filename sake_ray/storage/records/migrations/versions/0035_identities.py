"""Identities: which accounts an OpenID Connect issuer signs in."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "identities",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.name"], name=op.f("fk_identities_account")),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_identities")),
        sa.UniqueConstraint("account", name=op.f("uq_identities_account")),
    )


def downgrade() -> None:
    """Drop the table; its accounts stay, and nobody can sign in to them until they get a password."""
    op.drop_table("identities")
