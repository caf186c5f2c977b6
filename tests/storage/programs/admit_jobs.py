"""Admit jobs, one more each time, and print their numbers."""

import sys

from sake_ray.storage.records import Records
from tests.storage.example_records import NOW

records = Records(sys.argv[1])
records.jobs.list()
print("ready", flush=True)
sys.stdin.readline()
for max_running in range(1, 41):
    for job in records.jobs.admit(max_running=max_running, now=NOW):
        print(job.number, flush=True)
