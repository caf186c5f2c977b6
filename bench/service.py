"""How long do uploads and look-ups take while OCR runs, what does the idle system weigh, and where does the start go?

    .venv/bin/python bench/service.py [--seconds 60] [--rate 5]

Starts `sake up` in a fresh home, prints its steps, weighs it idle, then sends requests at a steady rate, half uploads of a scan,
half look-ups, once with nothing to read and once with a queue that keeps OCR busy. The second as a multiple of the first is
the figure.
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
    """Print it all."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=int, default=60)
    options.add_argument("--rate", type=float, default=5.0)
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home, log = Path(folder) / "home", Path(folder) / "log"
        ports = {"SAKE_PORT": PORT, "SAKE_DASHBOARD_PORT": PORT + 1, "SAKE_METRICS_PORT": PORT + 2}
        environment = os.environ | {"SAKE_HOME": str(home)} | {name: str(port) for name, port in ports.items()}
        end(start("start in an empty home", environment, log))
        service = start("start in the same home", environment, log)
        time.sleep(IDLE_SECONDS)
        weigh(service)
        with Client(f"http://127.0.0.1:{PORT}") as client:
            client.accounts.sign_in("admin", (home / "admin_password").read_text().strip())
            idle = measure(client, wanted.seconds, wanted.rate, "with nothing to read")
            for number in range(QUEUE):
                client.batches.submit("queue", [named(number, 5)])
            busy = measure(client, wanted.seconds, wanted.rate, "with OCR running")
            print(f"documents waiting at the end: {client.documents.list(status='PENDING').total}")
        for kind in idle:
            p50, p99 = (after / before for after, before in zip(busy[kind], idle[kind], strict=True))
            print(f"{kind}: with OCR p50 takes {p50:.1f} times, p99 {p99:.1f} times as long")
        end(service)


def start(what: str, environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start the service, print its steps when it is up."""
    service = subprocess.Popen([str(SAKE), "up"], env=environment, stdout=log.open("w"), stderr=subprocess.STDOUT)
    wait_for(log, "Ctrl-C", service)
    print(f"{what}:")
    print("\n".join(f"  {line.strip()}" for line in log.read_text().splitlines() if " s  " in line or "→" in line))
    return service


def named(index: int, seed: int) -> tuple[str, bytes]:
    """A generated scan."""
    scan = generate_one(index, seed=seed)
    return scan.name, scan.data


def wait_for(log: Path, text: str, service: subprocess.Popen[bytes]) -> None:
    while text not in log.read_text():
        if service.poll() is not None:
            sys.exit(log.read_text())
        time.sleep(0.1)


def weigh(service: subprocess.Popen[bytes]) -> None:
    """Print the memory that only this system uses (USS), by its largest parts."""
    family = [psutil.Process(service.pid), *psutil.Process(service.pid).children(recursive=True)]
    sizes = {}
    for process in family:
        try:
            sizes[f"{process.pid} {' '.join(process.cmdline())[:60]}"] = process.memory_full_info().uss / 1e6
        except psutil.Error:
            continue
    print(f"idle: {len(sizes)} processes, {sum(sizes.values()):.0f} MB of their own")
    for name, size in sorted(sizes.items(), key=lambda item: -item[1])[:8]:
        print(f"  {size:5.0f} MB  {name}")


def measure(client: Client, seconds: int, rate: float, when: str) -> dict[str, tuple[float, float]]:
    """Send uploads and look-ups in turn, each at its moment whatever the others take; return p50 and p99 of each."""
    taken: dict[str, list[float]] = {"upload": [], "look-up": []}
    # Known bytes, so that these uploads bring nothing to read.
    scan = named(0, 6)
    uuid = client.batches.submit("warm", [scan]).uuid
    client.connection.retries = 0

    def send(kind: str) -> None:
        started = time.monotonic()
        if kind == "upload":
            client.batches.submit("load", [scan])
        else:
            client.batches.find(uuid)
        taken[kind].append(time.monotonic() - started)

    threads = []
    began = time.monotonic()
    for number in range(int(seconds * rate)):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        threads.append(threading.Thread(target=send, args=("upload" if number % 2 else "look-up",)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    summary = {}
    for kind, times in taken.items():
        cuts = quantiles(times, n=100)
        summary[kind] = cuts[49], cuts[98]
        figures = f"p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms; refused {client.connection.retries}"
        print(f"{when}: {len(times)} {kind}s, {figures}")
    return summary


def end(service: subprocess.Popen[bytes]) -> None:
    started = time.monotonic()
    service.send_signal(signal.SIGTERM)
    service.wait()
    print(f"stopped in {time.monotonic() - started:.1f} s")


if __name__ == "__main__":
    main()
