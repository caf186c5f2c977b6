"""Do the same thing several times at once, on threads or in processes."""

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sake_ray.storage.records import Records

TOP = Path(__file__).parents[1]


def all_at_once(url: str, jobs: list[Callable[[Records], Any]]) -> list[Any]:
    """Run each job on a thread with a connection of its own, all beginning at the same moment."""
    barrier = threading.Barrier(len(jobs))

    def run(job: Callable[[Records], Any]) -> Any:
        records = Records(url)
        records.accounts.list()
        barrier.wait(30)
        try:
            return job(records)
        finally:
            records.database.close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(run, jobs))


def in_processes(count: int, module: str, *words: str) -> list[str]:
    """Run a module in several processes; each prints a line when it is ready and reads one when all are. Return the rest."""
    command = [sys.executable, "-m", module, *words]
    started = [
        subprocess.Popen(command, cwd=TOP, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    try:
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in started:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        printed = [process.communicate(timeout=400)[0] for process in started]
        assert [process.returncode for process in started] == [0] * count
        return printed
    finally:
        for process in started:
            process.kill()
            process.communicate()
