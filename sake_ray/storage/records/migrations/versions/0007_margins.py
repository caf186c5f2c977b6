"""How sure each prediction is, to review the least sure first."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

AT_ONCE = 1000


def upgrade() -> None:
    """Add the column, compute it for the predictions there are, and find them by it."""
    op.add_column("predictions", sa.Column("margin", sa.Float(), nullable=True))
    predictions = sa.table(
        "predictions", sa.column("id", sa.Text), sa.column("probabilities", sa.JSON), sa.column("margin", sa.Float)
    )
    connection, last = op.get_bind(), ""
    update = predictions.update().where(predictions.c.id == sa.bindparam("key"))
    while True:
        query = sa.select(predictions.c.id, predictions.c.probabilities).where(predictions.c.id > last)
        rows = connection.execute(query.order_by(predictions.c.id).limit(AT_ONCE)).all()
        if not rows:
            break
        last = rows[-1].id
        changes = [{"key": row.id, "margin": _margin(row.probabilities)} for row in rows]
        connection.execute(update.values(margin=sa.bindparam("margin")), changes)
    op.create_index(op.f("ix_predictions_margin"), "predictions", ["margin"])
    op.create_index(op.f("ix_documents_sha256"), "documents", ["sha256"])


def downgrade() -> None:
    """Drop the column and the indexes; the next upgrade computes the margins again."""
    op.drop_index(op.f("ix_documents_sha256"), "documents")
    op.drop_index(op.f("ix_predictions_margin"), "predictions")
    op.drop_column("predictions", "margin")


def _margin(probabilities: Any) -> float | None:
    known: dict[str, float] = json.loads(probabilities) if isinstance(probabilities, str) else probabilities
    best = [*sorted(known.values(), reverse=True)[:2], 0.0]
    return best[0] - best[1] if known else None
