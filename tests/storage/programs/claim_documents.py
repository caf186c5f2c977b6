"""Claim all documents, a few at a time, and print their ids."""

import sys
from datetime import timedelta

from sake_ray.storage.records import Records
from tests.storage.example_records import NOW

records = Records(sys.argv[1])
records.accounts.list()
print("ready", flush=True)
sys.stdin.readline()
while claims := records.queue.claim("w", limit=3, lease=timedelta(minutes=10), now=NOW):
    print(*(claim.document.id for claim in claims), flush=True)
