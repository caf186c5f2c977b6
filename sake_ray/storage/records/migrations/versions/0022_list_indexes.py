"""An index for each criterion of a list, for counting batches, and for the queue in the order of claims."""

from sake_ray.storage.records.online_indexes import create_index, drop_index

revision = "0022"
down_revision = "0021"

CRITERIA = ("status", "awaits_review", "language", "owner", "reference")
# The two that are often asked for together.
LABELS = ["final_label", "submitted_at", "awaits_review"]
MADE = [
    ("documents", ["ended_at", "needs_review"]),
    ("documents", ["batch", "status", "awaits_review", "final_label"]),
    *(("documents", [name, "submitted_at"]) for name in (*CRITERIA, "team")),
    *(("documents", ["team", name, "submitted_at"]) for name in CRITERIA),
    ("documents", LABELS),
    ("documents", ["team", *LABELS]),
    ("batches", ["submitted_at"]),
]
QUEUE = ["submitted_at", "batch", "position"]
DROPPED = [("documents", ["ended_at"]), ("predictions", ["label"])]


def upgrade() -> None:
    """Make them, and drop those that nothing looks into any more."""
    for table, columns in MADE:
        create_index(table, columns)
    create_index("documents", QUEUE, where="status NOT IN ('COMPLETED', 'FAILED', 'NEEDS_OPS')")
    for table, columns in DROPPED:
        drop_index(table, columns)


def downgrade() -> None:
    """Make those of before, and drop the others."""
    for table, columns in DROPPED:
        create_index(table, columns)
    drop_index("documents", QUEUE)
    for table, columns in MADE:
        drop_index(table, columns)
