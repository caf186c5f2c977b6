"""Run a job whose work is one of `works.py`, with a quick heartbeat; say how it came back."""

import os
import signal
import sys
from pathlib import Path

from sake_ray.errors import SakeError
from sake_ray.jobs import runner
from sake_ray.logs import set_up_logs
from sake_ray.storage.records import Records
from sake_ray.tracing.spans import set_up_tracing
from tests.jobs.works import WORKS

if __name__ == "__main__":
    # Whoever runs the tests in the background has it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    runner.HEARTBEAT_SECONDS, runner.GRACE_SECONDS = 0.1, 0.5
    url, number, attempt, work, log, stuck_seconds = sys.argv[1:]
    set_up_logs("jobs", folder=Path(log).parents[1] / "logs", level="INFO", to_stderr=False)
    set_up_tracing("job", os.environ.get("SAKE_OTLP_ENDPOINT", ""))
    try:
        print("before", flush=True)
        job = runner.run_job(
            Records(url),
            int(number),
            WORKS[work],
            attempt=int(attempt) or None,
            log=Path(log),
            stuck_seconds=float(stuck_seconds),
        )
        print("returned", job.state)
    except SakeError as error:
        print("raised", type(error).__name__, error)
        sys.exit(error.exit_code)
