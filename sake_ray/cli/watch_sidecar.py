"""Watch the places of the settings beside the service."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sake_ray.cli.sidecars import Sidecar
from sake_ray.errors import SetupError
from sake_ray.files import write_atomically

if TYPE_CHECKING:
    from sake_ray.settings import Settings
    from sake_ray.storage.records import Records


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


def forget_left_places(settings: Settings, records: Records) -> None:
    """Forget the places that were in the settings of this home and are no longer: nobody is to be told that they are not watched.

    Places that others watch stay, with another home or named at a terminal.
    """
    path, now = settings.home / "run" / "watched", {address.id for address in settings.places}
    before = set(path.read_text(encoding="utf-8").split()) if path.exists() else set()
    records.watched.forget_places(before - now)
    if now != before:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, "".join(f"{place}\n" for place in sorted(now)))


def read_mail_password(settings: Settings) -> str:
    """Read the password of the mailboxes. Raises SetupError."""
    file = settings.watch_password_file
    try:
        return Path(file).expanduser().read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise SetupError("watch-password-unreadable", file=file, error=reason) from error
