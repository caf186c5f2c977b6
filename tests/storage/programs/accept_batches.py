"""Accept batches of three documents and print their uuids, until killed."""

import sys

from sake_ray.storage.records import Records
from tests.storage.example_records import hand_in

records = Records(sys.argv[1])
while True:
    print(hand_in(records, "a", "b", "c").uuid, flush=True)
