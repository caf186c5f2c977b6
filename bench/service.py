"""Measure the latency of uploads and look-ups while OCR runs, the memory of the idle system, and the steps of the start.

    .venv/bin/python -m bench.service [--seconds 60] [--rate 5]

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
from contextlib import suppress
from dataclasses import dataclass
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
        ports |= {"SAKE_KEEPER_METRICS_PORT": 0, "SAKE_USER_METRICS_PORT": 0, "SAKE_ADMIN_METRICS_PORT": 0}
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


@dataclass(frozen=True, slots=True)
class ProcessMemory:
    """What a process holds: its share of all memory (PSS), and what it alone holds, in MB; CPU seconds since its start."""

    name: str
    pss: float
    own: float
    cpu: float


def print_memory(service: subprocess.Popen[bytes]) -> None:
    """Print what each process of the service holds; shared memory counts once over all of them (PSS)."""
    found = sorted(measure_processes(service.pid), key=lambda process: -process.pss)
    print(f"idle: {len(found)} processes, {sum(process.pss for process in found):.0f} MB (PSS)")
    print(f"{'PSS MB':>8} {'own MB':>8} {'CPU s':>8}  process")
    for process in found:
        print(f"{process.pss:8.0f} {process.own:8.0f} {process.cpu:8.1f}  {process.name}")


def measure_processes(pid: int) -> list[ProcessMemory]:
    """Measure a process and all that descends from it."""
    found = []
    for process in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]:
        with suppress(psutil.Error, OSError, KeyError):
            rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()[1:]
            sizes = {line.split(":")[0]: int(line.split()[1]) / 1000 for line in rollup}
            own = sizes["Private_Clean"] + sizes["Private_Dirty"]
            cpu = sum(process.cpu_times()[:2])
            found.append(ProcessMemory(name_process(process.cmdline()), sizes["Pss"], own, cpu))
    return found


def name_process(command: list[str]) -> str:
    """Name a process by what it runs, not by the interpreter or the folder that it is in."""
    words = [Path(word).name if word.startswith("/") else word for word in command]
    known = [word for word in words if word and not word.startswith(("python", "-", "http"))]
    return " ".join(known)[:60]


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
