"""Measure the memory and time of a training on ever more texts: `sake train --texts` on generated short texts.

    .venv/bin/python -m bench.training_memory --rows 10000 100000 1000000

Prints a line for each size: seconds, the peak memory of all its processes together (what they share counted once), accuracy.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import psutil

LABELS = 10
WORDS = 20_000
POLL_SECONDS = 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    rows = parser.parse_args().rows
    print("| rows | seconds | peak memory, MB | accuracy |\n|---|---|---|---|", flush=True)
    for count in rows:
        with tempfile.TemporaryDirectory() as folder:
            texts = Path(folder) / "texts.csv"
            write_texts(texts, count)
            seconds, memory, accuracy = train(texts, Path(folder) / "home")
        print(f"| {count:,} | {seconds:.0f} | {memory / 1e6:,.0f} | {accuracy:.3f} |", flush=True)


def write_texts(path: Path, count: int) -> None:
    """Write short texts of fifteen words; each label prefers two hundred of twenty thousand words."""
    random = Random(7)
    words = ["".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=random.randint(3, 10))) for _ in range(WORDS)]
    own = [random.sample(words, 200) for _ in range(LABELS)]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"])
        for row in range(count):
            label = row % LABELS
            writer.writerow([" ".join(random.choices(words, k=11) + random.choices(own[label], k=4)), f"label {label}"])


def train(texts: Path, home: Path) -> tuple[float, float, float]:
    """Run the training; return the seconds, the peak memory in bytes, and the accuracy."""
    started, peak = time.monotonic(), 0.0
    command = [str(Path(sys.executable).with_name("sake")), "train", "--texts", str(texts)]
    environment = os.environ | {"SAKE_HOME": str(home), "OMP_THREAD_LIMIT": "1"}
    with tempfile.TemporaryFile("w+") as out:
        running = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.DEVNULL)
        while running.poll() is None:
            peak = max(peak, measure_memory(running.pid))
            time.sleep(POLL_SECONDS)
        out.seek(0)
        result = out.read()
    if running.returncode:
        raise SystemExit(f"the training ended with {running.returncode}")
    return time.monotonic() - started, peak, float(json.loads(result)["accuracy"])


def measure_memory(pid: int) -> float:
    """Measure the bytes of a process and its descendants; pages they share are divided among them."""
    total = 0
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for process in family:
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total


if __name__ == "__main__":
    main()
