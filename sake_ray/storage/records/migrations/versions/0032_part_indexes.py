"""Indexes of the parts of a document and of what the search leaves out, and that of the queue without both."""

from sake_ray.storage.records.online_indexes import create_index, drop_index

revision = "0032"
down_revision = "0031"

PARTS = ["parent", "first_page", "last_page"]
QUEUE = ["submitted_at", "batch", "position"]
ENDED = "'COMPLETED', 'FAILED', 'NEEDS_OPS'"


def upgrade() -> None:
    """Make them."""
    create_index("documents", PARTS, unique=True, where="parent IS NOT NULL")
    create_index("searchable", ["hidden"], where="hidden")
    drop_index("documents", QUEUE)
    create_index("documents", QUEUE, where=f"status NOT IN ({ENDED}, 'SPLIT', 'MERGED')")


def downgrade() -> None:
    """Make that of the queue as it was, and drop the others."""
    drop_index("documents", QUEUE)
    create_index("documents", QUEUE, where=f"status NOT IN ({ENDED})")
    drop_index("searchable", ["hidden"])
    drop_index("documents", PARTS)
