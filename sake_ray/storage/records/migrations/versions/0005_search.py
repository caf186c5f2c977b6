"""The index of what documents say."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make it; what was recorded before is indexed by the service."""
    op.create_table(
        "searchable",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name=op.f("fk_searchable_document")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_searchable")),
        sa.UniqueConstraint("document", name=op.f("uq_searchable_document")),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE search_index USING fts5(terms, content='', tokenize='ascii')")
    else:
        op.execute("CREATE TABLE search_index (rowid integer PRIMARY KEY, terms tsvector NOT NULL)")
        op.execute("CREATE INDEX ix_search_index_terms ON search_index USING gin (terms)")


def downgrade() -> None:
    """Drop it; the next upgrade makes an empty one, which the service fills."""
    op.execute("DROP TABLE search_index")
    op.drop_table("searchable")
