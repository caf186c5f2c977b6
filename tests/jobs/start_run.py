"""Record a run, start a child for it, print its pid and wait to be killed; with `lost`, the child has no mark."""

import subprocess
import sys
import time
from pathlib import Path

from sake_ray.jobs.processes import record_descendants, record_run

if __name__ == "__main__":
    folder, scratch, mark = sys.argv[1:]
    name = record_run(Path(folder), scratch=Path(scratch))
    environment = {"PATH": "/usr/bin:/bin"} if mark == "lost" else None
    child = subprocess.Popen(["sleep", "600"], start_new_session=True, env=environment)
    if mark == "lost":
        record_descendants(Path(folder), name)
    print(child.pid, flush=True)
    time.sleep(600)
