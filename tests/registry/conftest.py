"""The servers on which the registry is tried."""

from tests.registry.mlflow_servers import mlflow_on_servers as mlflow_on_servers
from tests.registry.mlflow_servers import mlflow_on_sqlite as mlflow_on_sqlite
from tests.storage.postgres import postgres as postgres
from tests.storage.s3_servers import rclone as rclone
