"""An index that holds only the open documents, by their policy."""

from sake_ray.storage.records.online_indexes import create_index, drop_index

revision = "0029"
down_revision = "0028"

COLUMNS = ["policy_version", "batch", "position"]


def upgrade() -> None:
    """Make it."""
    create_index("documents", COLUMNS, where="prediction IS NOT NULL AND answer IS NULL")


def downgrade() -> None:
    """Drop it; documents under an older policy are found without it, more slowly."""
    drop_index("documents", COLUMNS)
