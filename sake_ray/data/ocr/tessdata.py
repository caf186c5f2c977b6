"""Find the folder of Tesseract's language models, without what reads pages."""

import re
import subprocess

from sake_ray.errors import SetupError


def find_tessdata() -> str:
    """Find the folder of the language models that the tesseract program uses."""
    try:
        listing = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SetupError("tesseract-missing") from error
    found = re.search(r'"(.+)"', listing.stdout + listing.stderr)
    if not found:
        raise SetupError("tessdata-not-found")
    return found.group(1)
