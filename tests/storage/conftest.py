"""The databases and S3 servers that the tests of the stores share."""

from tests.storage.databases import records as records
from tests.storage.databases import tables_on_server as tables_on_server
from tests.storage.databases import url as url
from tests.storage.lock_watch import locks_out_of_order as locks_out_of_order
from tests.storage.postgres import postgres as postgres
from tests.storage.s3_servers import moto as moto
from tests.storage.s3_servers import rclone as rclone
