"""The index of the bin, and that of the queue without it."""

from sake_ray.storage.records.online_indexes import create_index, drop_index

revision = "0040"
down_revision = "0039"

QUEUE = ["submitted_at", "batch", "position"]
NOT_QUEUED = "'COMPLETED', 'FAILED', 'NEEDS_OPS', 'SPLIT', 'MERGED'"


def upgrade() -> None:
    """Make them."""
    create_index("documents", ["binned_at"], where="binned_at IS NOT NULL")
    drop_index("documents", QUEUE)
    create_index("documents", QUEUE, where=f"status NOT IN ({NOT_QUEUED}, 'BINNED')")


def downgrade() -> None:
    """Make that of the queue as it was, and drop the other."""
    drop_index("documents", QUEUE)
    create_index("documents", QUEUE, where=f"status NOT IN ({NOT_QUEUED})")
    drop_index("documents", ["binned_at"])
