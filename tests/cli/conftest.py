"""The servers that the doctor and the move are tried on."""

from tests.storage.databases import tables_on_server as tables_on_server
from tests.storage.postgres import postgres as postgres
from tests.storage.s3_servers import moto as moto
from tests.storage.s3_servers import rclone as rclone
