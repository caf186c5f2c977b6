"""Identities: which accounts an OpenID Connect issuer signs in; and which passwords must be changed."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Create the table, and add the column; nobody has to change a password that was set before."""
    op.add_column(
        "accounts", sa.Column("must_change_password", sa.Boolean(), nullable=False, server_default=sa.false())
    )
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
    """Drop both; the accounts of an issuer stay, and nobody can sign in to them until they get a password."""
    op.drop_table("identities")
    op.drop_column("accounts", "must_change_password")
