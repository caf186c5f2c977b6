"""The numbers of documents, which triggers keep."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

FILL = """
INSERT INTO document_counts (status, label, answered, documents)
SELECT status, coalesce(final_label, ''), answer IS NOT NULL, count(*) FROM documents GROUP BY 1, 2, 3
"""
ADD = "INSERT INTO document_counts (status, label, answered, documents) VALUES"
WAS = "(OLD.status, coalesce(OLD.final_label, ''), OLD.answer IS NOT NULL, -1)"
IS = "(NEW.status, coalesce(NEW.final_label, ''), NEW.answer IS NOT NULL, 1)"
OF = "status, final_label, answer"
CHANGED = " OR ".join(f"OLD.{column} IS {{0}} NEW.{column}" for column in OF.split(", "))
SQLITE = [
    f"CREATE TRIGGER documents_come AFTER INSERT ON documents BEGIN {ADD} {IS}; END",
    f"CREATE TRIGGER documents_go AFTER DELETE ON documents BEGIN {ADD} {WAS}; END",
    f"CREATE TRIGGER documents_change AFTER UPDATE OF {OF} ON documents WHEN {CHANGED.format('NOT')} "
    f"BEGIN {ADD} {WAS}, {IS}; END",
]
POSTGRESQL = [
    f"""CREATE FUNCTION count_document() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP <> 'INSERT' THEN {ADD} {WAS}; END IF;
    IF TG_OP <> 'DELETE' THEN {ADD} {IS}; END IF;
    RETURN NULL; END $$""",
    "CREATE TRIGGER documents_come_and_go AFTER INSERT OR DELETE ON documents FOR EACH ROW EXECUTE FUNCTION count_document()",
    f"CREATE TRIGGER documents_change AFTER UPDATE OF {OF} ON documents FOR EACH ROW "
    f"WHEN ({CHANGED.format('DISTINCT FROM')}) EXECUTE FUNCTION count_document()",
]


def upgrade() -> None:
    """Make the table and the triggers, and count what is there."""
    op.create_table(
        "document_counts",
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
    )
    # Before it is filled: from then on nobody else writes documents until the end of the transaction.
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    op.execute(FILL)


def downgrade() -> None:
    """Drop them; the next upgrade counts again."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("documents_come", "documents_go", "documents_change"):
            op.execute(f"DROP TRIGGER {name}")
    else:
        for name in ("documents_come_and_go", "documents_change"):
            op.execute(f"DROP TRIGGER {name} ON documents")
        op.execute("DROP FUNCTION count_document()")
    op.drop_table("document_counts")
