"""Admit jobs beside another process that does the same, until all have succeeded."""

import sys
import time
from pathlib import Path

from sake_ray.domain.jobs import JobState
from sake_ray.jobs.admission import Admission
from sake_ray.storage.records import Records
from sake_ray.storage.records.clock_watch import Look
from tests.jobs.running import now
from tests.jobs.starter import Starter

if __name__ == "__main__":
    records = Records(sys.argv[1])
    starter = Starter(records, Path(sys.argv[2]))
    admission = Admission(records, starter.submit, starter.is_alive, max_running=3)
    print("ready", flush=True)
    sys.stdin.readline()
    while records.jobs.list().total > records.jobs.list(states=[JobState.SUCCEEDED]).total:
        admission.step(Look(now()))
        time.sleep(0.05)
