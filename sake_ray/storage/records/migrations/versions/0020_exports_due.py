"""An index that holds only the batches whose exports are due."""

from sake_ray.storage.records.online_indexes import create_index, drop_index

revision = "0020"
down_revision = "0019"

COLUMNS = ["exported_at", "submitted_at"]


def upgrade() -> None:
    """Make it."""
    create_index("batches", COLUMNS, where="exported < changes")


def downgrade() -> None:
    """Drop it; what is due is found without it, more slowly."""
    drop_index("batches", COLUMNS)
