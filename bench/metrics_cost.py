"""Measure what the metrics cost: the CPU time of one call, as the deployments make them, and of a document.

.venv/bin/python -m bench.metrics_cost

A document of one page makes about sixty calls in all processes together: eight when it is completed, two for its page, the
others for transactions and objects (counted in a running service). What Ray does with them in its own processes depends on the
interval of its reports and on the number of series, not on the number of documents.
"""

import resource
import tempfile
from collections.abc import Callable
from pathlib import Path

from sake_ray.jobs.local_ray import start_ray

CALLS = 100_000
CALLS_OF_A_DOCUMENT = 60
STATUS = {"status": "COMPLETED", "label": "cv", "source": "tesseract"}


def main() -> None:
    """Measure, and print."""
    with tempfile.TemporaryDirectory() as folder, start_ray(Path(folder), cpus=1, ports=None):
        from sake_ray.serve.metrics import RayInstruments  # Ray reads its environment when it is imported

        ray = RayInstruments()
        kinds: dict[str, Callable[[], None]] = {
            "count": lambda: ray.count("documents_ended", **STATUS),
            "set": lambda: ray.set("documents", 3, status="COMPLETED", label="cv"),
            "observe": lambda: ray.observe("storage_seconds", 0.01, system="records", operation="read"),
        }
        costs = {name: measure(call) for name, call in kinds.items()}
    for name, microseconds in costs.items():
        print(f"{name:10}{microseconds:6.1f} µs of CPU a call")
    dearest = max(costs.values())
    print(f"a document of {CALLS_OF_A_DOCUMENT} calls: at most {dearest * CALLS_OF_A_DOCUMENT / 1000:.2f} ms of CPU")


def measure(call: Callable[[], None]) -> float:
    """Measure the microseconds of CPU time that a call takes in this process."""
    call()
    began = used()
    for _ in range(CALLS):
        call()
    return (used() - began) / CALLS * 1e6


def used() -> float:
    """The CPU seconds that this process has used."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
