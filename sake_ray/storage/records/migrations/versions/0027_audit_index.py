"""An index of what somebody did of one kind."""

from sake_ray.storage.records.online_indexes import create_index, drop_index

revision = "0027"
down_revision = "0026"

COLUMNS = ["by", "action", "number"]


def upgrade() -> None:
    """Make it."""
    create_index("audit", COLUMNS)


def downgrade() -> None:
    """Drop it; the log is filtered without it, more slowly."""
    drop_index("audit", COLUMNS)
