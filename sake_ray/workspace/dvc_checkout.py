"""Check data out with DVC in a process of its own: DVC changes the folder and the descriptors of the process it runs in.

Whoever works in threads, as the gateway does, must not have that happen to the others.
"""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from sake_ray.errors import Message, SakeError, WorkspaceError, to_error
from sake_ray.workspace.dvc import DvcRepository
from sake_ray.workspace.git import GitRepository


def check_out_apart(folder: Path, required: set[str]) -> None:
    """Do what `DvcRepository.check_out` does, and raise what it raises. The process ends with this one."""
    order = json.dumps({"folder": str(folder.absolute()), "required": sorted(required)})
    command = [sys.executable, "-m", "sake_ray.workspace.dvc_checkout"]
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        errors: list[str] = []
        reader = threading.Thread(target=lambda: errors.extend(process.stderr or ()), daemon=True)
        reader.start()
        # The pipe stays open: at its end the process knows that nobody waits for it any more.
        process.stdin.write(order + "\n")
        process.stdin.flush()
        answer = process.stdout.read()
        reader.join()
    if answer.strip():
        raise to_error(Message.from_json(json.loads(answer)))
    if process.returncode:
        reason = errors[-1].strip() if errors else f"exit code {process.returncode}"
        raise WorkspaceError("dvc-failed", task="The data cannot be brought back", error=reason)


def main() -> None:
    """Check out what standard input says; print the error, if there is one, as JSON."""
    order = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_caller, daemon=True).start()
    folder = Path(order["folder"])
    try:
        DvcRepository(folder, GitRepository(folder)).check_out(set(order["required"]))
    except SakeError as error:
        sys.stdout.write(json.dumps(error.message.to_json()))
        sys.stdout.flush()
    os._exit(0)  # without waiting for the thread


def _end_with_caller() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main()
