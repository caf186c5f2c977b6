"""A program that confines itself as the reader process does, and then tries what an attacker in it would.

Arguments: a folder to work in, another one with a file `secret`, the port of a TCP server, the path of a Unix socket, and the
names of calls that the machine is to refuse to it beforehand. Prints what was not possible of the confinement, and what of the
attempts was.
"""

import ctypes
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from sake_ray.data.confinement.confine import confine
from sake_ray.data.confinement.kernel import NotPossible
from sake_ray.data.confinement.seccomp import Filter, refuse_programs


def main(scratch: str, elsewhere: str, port: str, unix: str, *refused: str) -> None:
    """Confine, attack, report."""
    before = Filter()
    for name in refused:
        before.refuse(name)
    before.load()
    missing = confine(Path(scratch))
    started = succeeds(lambda: subprocess.run(["/usr/bin/true"], check=True))
    try:
        refuse_programs()
    except NotPossible as error:
        missing["programs"] = str(error)
    there = Path(elsewhere)
    io_uring = {"x86_64": 425, "aarch64": 425}[os.uname().machine]
    attempts: dict[str, Callable[[], object]] = {
        "connect": lambda: socket.create_connection(("127.0.0.1", int(port)), timeout=5),
        "ipv6": lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM),
        "unix": lambda: socket.socket(socket.AF_UNIX).connect(unix),
        "io_uring": lambda: system_call(io_uring, 1, ctypes.create_string_buffer(256)),
        "read elsewhere": lambda: (there / "secret").read_text(),
        "list elsewhere": lambda: list(there.iterdir()),
        "write elsewhere": lambda: (there / "new").write_text("x"),
        "overwrite elsewhere": lambda: (there / "secret").open("r+").close(),
        "delete elsewhere": lambda: (there / "secret").unlink(),
        "open to all": lambda: (there / "secret").chmod(0o777),
        "link": lambda: os.link(there / "secret", Path(scratch) / "linked"),
        "become root": lambda: os.setresuid(0, 0, 0),
        "kill the parent": lambda: os.kill(os.getppid(), 0),
        "trace the parent": lambda: Path(f"/proc/{os.getppid()}/mem").open("rb").close(),
        "new namespace": lambda: system_call({"x86_64": 272, "aarch64": 97}[os.uname().machine], 0x10000000),
        "run a program": lambda: subprocess.run(["/usr/bin/true"], check=True),
        "write in its folder": lambda: (Path(scratch) / "page.pgm").write_text("x"),
        "read the libraries": lambda: Path(json.__file__).read_text(),
    }
    done = [name for name, attempt in attempts.items() if succeeds(attempt)]
    status = Path("/proc/self/status").read_text().splitlines()
    fields = dict(line.split(":\t", 1) for line in status if ":\t" in line)
    print(
        json.dumps(
            {
                "missing": missing,
                "done": done,
                "started": started,
                "user": os.geteuid(),
                "no_new_privileges": fields["NoNewPrivs"],
                "capabilities": int(fields["CapPrm"], 16),
            }
        )
    )


def succeeds(attempt: Callable[[], object]) -> bool:
    """Whether an attempt is not refused."""
    try:
        attempt()
    except OSError:
        return False
    return True


def system_call(number: int, *arguments: object) -> None:
    """Make a call; raises OSError."""
    if ctypes.CDLL(None, use_errno=True).syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")


if __name__ == "__main__":
    main(*sys.argv[1:])
