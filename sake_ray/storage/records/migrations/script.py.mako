"""${message}."""

from alembic import op
import sqlalchemy as sa

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Do."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Undo; say what is lost."""
    ${downgrades if downgrades else "pass"}
