"""Search entries under numbers in the order of submission, with the team and other criteria as terms: the index is made anew."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Empty the index, and let numbers be larger; the service fills it from the stored texts."""
    _empty()
    op.drop_table("searchable")
    # The key of a row itself, in SQLite.
    _make_searchable(sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE search_index ALTER COLUMN rowid TYPE bigint")
        # The terms apart from the numbers, so that those of many matches are on few pages.
        op.execute("ALTER TABLE search_index SET (toast_tuple_target = 128)")


def downgrade() -> None:
    """Empty the index, and make the numbers as they were; the service fills it from the stored texts."""
    _empty()
    op.drop_table("searchable")
    _make_searchable(sa.Integer(), autoincrement=True)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE search_index RESET (toast_tuple_target)")
        op.execute("ALTER TABLE search_index ALTER COLUMN rowid TYPE integer")


def _empty() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("TRUNCATE search_index")
    else:
        op.execute("INSERT INTO search_index(search_index) VALUES ('delete-all')")


def _make_searchable(number: sa.types.TypeEngine[int], *, autoincrement: bool) -> None:
    op.create_table(
        "searchable",
        sa.Column("number", number, autoincrement=autoincrement, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name=op.f("fk_searchable_document")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_searchable")),
        sa.UniqueConstraint("document", name=op.f("uq_searchable_document")),
    )
