"""The lists of all documents and of a status are indexed in their whole order: a newer SQLite sorts them all otherwise."""

from collections.abc import Sequence

from sake_ray.storage.records.online_indexes import create_index, drop_index

revision = "0033"
down_revision = "0032"

ORDER = ["submitted_at", "batch", "position"]


LONG = ([*ORDER, "status"], ["status", *ORDER], ["team", "status", *ORDER])
SHORT = (["submitted_at"], ["status", "submitted_at"], ["team", "status", "submitted_at"])


def upgrade() -> None:
    """Make the longer ones in place of the shorter."""
    replace(SHORT, LONG)


def downgrade() -> None:
    """Make the shorter ones in place of the longer."""
    replace(LONG, SHORT)


def replace(old: Sequence[list[str]], new: Sequence[list[str]]) -> None:
    """Make the new ones first, so that no list is without."""
    for columns in new:
        create_index("documents", columns)
    for columns in old:
        drop_index("documents", columns)
