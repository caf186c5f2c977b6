"""Run a job that notes that it began, and ends when there is a file `go`."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path

from sake_ray.jobs import runner
from sake_ray.storage.records import Records


def main(url: str, folder: str, number: str, attempt: str) -> None:
    """Run the job of that number and attempt."""

    def work(context: runner.JobContext) -> Mapping[str, object]:
        with Path(folder, "begun").open("a") as file:
            file.write(f"{number} {attempt}\n")
        while not Path(folder, "go").exists():
            context.check_abort()
            time.sleep(0.05)
        return {}

    runner.HEARTBEAT_SECONDS = 0.1
    log = Path(folder, f"{number}.log")
    runner.run_job(Records(url), int(number), work, attempt=int(attempt), log=log, stuck_seconds=60)


if __name__ == "__main__":
    main(*sys.argv[1:])
