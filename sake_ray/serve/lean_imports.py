"""Import Ray Serve without pandas, which it takes along wherever it is installed and uses for nothing of ours.

It is two thirds of a second of CPU and 50 MB in each of seven processes (with pyarrow, which pandas imports).
"""

import sys

PANDAS = "pandas"
SETUP_HOOK = f"{__name__}.import_serve"
"""What Ray is told to call first in the processes of the service."""


def import_serve() -> None:
    """Import Ray Serve; later imports of pandas are as ever."""
    is_there = PANDAS in sys.modules
    if not is_there:
        sys.modules[PANDAS] = None  # type: ignore[assignment] # as Python has it for what cannot be imported
    try:
        import ray.serve  # noqa: F401 - to be there
    finally:
        if not is_there:
            del sys.modules[PANDAS]
