"""Measure the latency of uploads and look-ups while OCR runs, the memory of the idle system, and the steps of the start.

    .venv/bin/python bench/service.py [--seconds 60] [--rate 5]

Starts `sake up` in a fresh home, prints its steps and its memory, then sends requests at a steady rate, half of them uploads of
a scan, half look-ups; once with nothing to read and once with a queue that keeps OCR busy. The result is the second as a
multiple of the first.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import quantiles

import psutil

from sake_ray.client import Client
from sake_ray.synthetic.generate import generate_one

SAKE = Path(sys.executable).with_name("sake")
QUEUE = 60
IDLE_SECONDS = 20
PORT = 8790


def main() -> None:
    """Run and print all measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rate", type=float, default=5.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home, log = Path(folder) / "home", Path(folder) / "log"
        ports = {"SAKE_PORT": PORT, "SAKE_DASHBOARD_PORT": PORT + 1, "SAKE_METRICS_PORT": PORT + 2}
        environment = os.environ | {"SAKE_HOME": str(home)} | {name: str(port) for name, port in ports.items()}
        stop(start("start in an empty home", environment, log))
        service = start("start in the same home", environment, log)
        time.sleep(IDLE_SECONDS)
        print_memory(service)
        with Client(f"http://127.0.0.1:{PORT}") as client:
            client.accounts.sign_in("admin", (home / "admin_password").read_text().strip())
            idle = measure(client, options.seconds, options.rate, "with nothing to read")
            for number in range(QUEUE):
                client.batches.submit("queue", [make_scan(number, 5)])
            busy = measure(client, options.seconds, options.rate, "with OCR running")
            waiting = client.documents.list(status="PENDING", page_size=1)
            print(f"documents waiting at the end: {waiting.total}{'' if waiting.total_is_exact else '+'}")
        for kind in idle:
            p50, p99 = (after / before for after, before in zip(busy[kind], idle[kind], strict=True))
            print(f"{kind}: with OCR p50 takes {p50:.1f} times, p99 {p99:.1f} times as long")
        stop(service)


def start(title: str, environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start the service, and print its steps when it is up."""
    service = subprocess.Popen([str(SAKE), "up"], env=environment, stdout=log.open("w"), stderr=subprocess.STDOUT)
    wait_for(log, "Ctrl-C", service)
    print(f"{title}:")
    print("\n".join(f"  {line.strip()}" for line in log.read_text().splitlines() if " s  " in line or "→" in line))
    return service


def make_scan(index: int, seed: int) -> tuple[str, bytes]:
    """Generate a scan."""
    scan = generate_one(index, seed=seed)
    return scan.name, scan.data


def wait_for(log: Path, text: str, service: subprocess.Popen[bytes]) -> None:
    while text not in log.read_text():
        if service.poll() is not None:
            sys.exit(log.read_text())
        time.sleep(0.1)


def print_memory(service: subprocess.Popen[bytes]) -> None:
    """Print the memory that only this system uses (USS), by its largest parts."""
    processes = [psutil.Process(service.pid), *psutil.Process(service.pid).children(recursive=True)]
    sizes = {}
    for process in processes:
        try:
            sizes[f"{process.pid} {' '.join(process.cmdline())[:60]}"] = process.memory_full_info().uss / 1e6
        except psutil.Error:
            continue
    print(f"idle: {len(sizes)} processes, {sum(sizes.values()):.0f} MB of their own")
    for name, size in sorted(sizes.items(), key=lambda item: -item[1])[:8]:
        print(f"  {size:5.0f} MB  {name}")


def measure(client: Client, seconds: int, rate: float, condition: str) -> dict[str, tuple[float, float]]:
    """Send uploads and look-ups in turn at fixed times, however long the others take; return p50 and p99 of each."""
    durations: dict[str, list[float]] = {"upload": [], "look-up": []}
    # The text cache knows these bytes, so that the uploads bring nothing to read.
    scan = make_scan(0, 6)
    uuid = client.batches.submit("warm", [scan]).uuid
    client.connection.retries = 0

    def send(kind: str) -> None:
        started = time.monotonic()
        if kind == "upload":
            client.batches.submit("load", [scan])
        else:
            client.connection.send("GET", f"/predict/{uuid}")
        durations[kind].append(time.monotonic() - started)

    threads = []
    began = time.monotonic()
    for number in range(int(seconds * rate)):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        threads.append(threading.Thread(target=send, args=("upload" if number % 2 else "look-up",)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    summary = {}
    for kind, times in durations.items():
        cuts = quantiles(times, n=100)
        summary[kind] = cuts[49], cuts[98]
        figures = f"p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms; refused {client.connection.retries}"
        print(f"{condition}: {len(times)} {kind}s, {figures}")
    return summary


def stop(service: subprocess.Popen[bytes]) -> None:
    started = time.monotonic()
    service.send_signal(signal.SIGTERM)
    service.wait()
    print(f"stopped in {time.monotonic() - started:.1f} s")


if __name__ == "__main__":
    main()
