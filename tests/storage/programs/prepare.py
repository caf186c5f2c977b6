"""Make the tables of an empty database, as soon as it is said."""

import sys

from alembic import command  # noqa: F401 - imported before the others are ready, too

from sake_ray.storage.records import Records

print("ready", flush=True)
sys.stdin.readline()
Records(sys.argv[1]).database.prepare()
