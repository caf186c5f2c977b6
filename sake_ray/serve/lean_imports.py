"""Import Ray Serve and scikit-learn without pandas, which they take along wherever it is installed and use for nothing of ours.

It is two thirds of a second of CPU and 50 MB in each of seven processes (with pyarrow, which pandas imports).
"""

import sys
from importlib import import_module

PANDAS = "pandas"
SETUP_HOOK = f"{__name__}.import_serve"
"""What Ray is told to call first in the processes of the service."""


def import_serve() -> None:
    """Import Ray Serve."""
    import_without_pandas("ray.serve")


def import_without_pandas(name: str) -> None:
    """Import a module that does without pandas where there is none; later imports of pandas are as ever."""
    if PANDAS in sys.modules:
        import_module(name)
        return
    sys.modules[PANDAS] = None  # type: ignore[assignment] # as Python has it for what cannot be imported
    try:
        import_module(name)
    finally:
        del sys.modules[PANDAS]
