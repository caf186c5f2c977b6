"""Watch the places of the settings beside the service."""

import sys
from pathlib import Path

from sake_ray.cli.sidecars import Sidecar
from sake_ray.errors import SetupError
from sake_ray.settings import Settings


def check_watch(settings: Settings) -> None:
    """Raise SetupError when the places of the settings cannot be watched."""
    if any(address.is_mailbox for address in settings.places):
        read_mail_password(settings)


def make_watch(settings: Settings) -> tuple[Sidecar, ...]:
    """Make the program that watches the places of the settings; none without any."""
    count = len(settings.places)
    if not count:
        return ()
    # What it writes itself is in watch.log; here is what ends it against its will.
    output = settings.home / "logs" / "watch-output.log"
    where = f"{count} {'place' if count == 1 else 'places'}  (log in {settings.home / 'logs' / 'watch.log'})"
    return (Sidecar("Watch", where, (str(Path(sys.executable).with_name("sake")), "watch"), output),)


def read_mail_password(settings: Settings) -> str:
    """Read the password of the mailboxes. Raises SetupError."""
    file = settings.watch_password_file
    try:
        return Path(file).expanduser().read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise SetupError("watch-password-unreadable", file=file, error=reason) from error
