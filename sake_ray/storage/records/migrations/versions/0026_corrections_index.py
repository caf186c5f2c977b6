"""An index that counts corrections by itself."""

from sake_ray.storage.records.online_indexes import create_index, drop_index

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Make it."""
    create_index("documents", ["answered_at", "corrected"])


def downgrade() -> None:
    """Drop it; corrections are counted without it, more slowly."""
    drop_index("documents", ["answered_at", "corrected"])
