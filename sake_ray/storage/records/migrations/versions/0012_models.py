"""The checksums of the model versions."""

import sqlalchemy as sa
from alembic import op

from sake_ray.storage.records.metadata import UtcDateTime

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Create the table; the versions there are by now are noted at the next start."""
    op.create_table(
        "models",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("noted", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_models")),
    )


def downgrade() -> None:
    """Drop the table; after the next upgrade the versions are noted at the start of the service."""
    op.drop_table("models")
