"""The command, as a user runs it."""

import os
import subprocess
import sys
from pathlib import Path

SAKE = Path(sys.executable).with_name("sake")


def run_sake(*words: str, home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would."""
    environment = os.environ | {"SAKE_HOME": str(home)} | settings
    return subprocess.run(
        [str(SAKE), *words], env=environment, capture_output=True, text=True, timeout=800, check=False
    )
