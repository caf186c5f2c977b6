"""Run `sake watch` on a place, and kill it at a certain moment: before or after the n-th call of a function."""

import functools
import importlib
import os
import signal
import sys
from typing import Any

from sake_ray.cli import main


def kill_at(moment: str) -> None:
    """`moment` is MODULE:NAME:before|after:N."""
    module, name, when, number = moment.split(":")
    *owners, last = name.split(".")
    owner: Any = functools.reduce(getattr, owners, importlib.import_module(module))
    original, calls = getattr(owner, last), 0

    @functools.wraps(original)
    def call(*values: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == int(number) and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = original(*values, **options)
        if calls == int(number) and when == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(owner, last, call)


if __name__ == "__main__":
    kill_at(sys.argv[1])
    sys.argv = ["sake", "watch", *sys.argv[2:], "--every", "0", "--once"]
    main()
