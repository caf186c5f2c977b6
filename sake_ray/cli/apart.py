"""Run a command of ours in a process that ends, and takes what it has imported with it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from sake_ray.errors import SetupError


def run_apart(*words: str, environment: Mapping[str, str] | None = None) -> str:
    """Run `sake` with these words, and return what it prints; raises SetupError with the last line of what it says."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("sake")), *words],
        env=os.environ | (environment or {}), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise SetupError("command-failed", command=words[0], error=said[-1].removeprefix("sake: "))
    return done.stdout
