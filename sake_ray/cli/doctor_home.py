"""Look at the home: may we write there, may others read it, are the keys in it what they should be."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from sake_ray.cli.bootstrap import find_screens_key, find_token_key
from sake_ray.cli.doctor_findings import Finding, ok, problem, warning
from sake_ray.cli.private_home import READ_ONLY
from sake_ray.files import PRIVATE
from sake_ray.settings import Settings

KEY_CHARACTERS = 64
"""Of a key that is made here: 32 bytes as hexadecimal digits."""
SECRETS = tuple(name for name in Settings.model_fields if name.endswith(("_file", "_key")))
"""The settings that name a file with a secret."""
INNER = ("run", "tls")
"""Folders of the home in which secrets are, too."""
SHOWN = 3


def check_home(settings: Settings) -> Iterator[Finding]:
    """Find whether there is a home, and whether this user may write there."""
    home = settings.home
    if not home.exists():
        above = next(folder for folder in home.parents if folder.exists())
        if os.access(above, os.W_OK | os.X_OK):
            yield ok("home", f"There is no home at {home} yet; the first command makes it.")
        else:
            mend = "Set SAKE_HOME to a folder that you may write to, or make it as root and give it to this user."
            yield problem("home", f"There is no home at {home}, and this user cannot make one.", mend)
        return
    try:
        with TemporaryFile(dir=home) as file:
            file.write(b"probe")
            file.flush()
    except OSError as error:
        mend = f"Run as the user that owns it, or see to the disk: `ls -ld {home}`, `df {home}`."
        yield problem("home", f"Nothing can be written to {home}: {error.strerror}.", mend)
    else:
        yield ok("home", f"The home {home} can be written to.")


def check_modes(settings: Settings) -> Iterator[Finding]:
    """Look for what others may read, or another user owns; no deeper than the first folders, which close what is in them."""
    home = settings.home
    if not home.is_dir():
        return
    is_open, foreign = [], []
    for path in _list_entries(home):
        with suppress(FileNotFoundError):  # a running service makes and removes some
            state = path.lstat()
            if stat.S_ISLNK(state.st_mode) or _is_read_only(path):
                continue
            if state.st_uid != os.geteuid():
                foreign.append(path)
            elif state.st_mode & PRIVATE and stat.S_IMODE(state.st_mode) != READ_ONLY:
                is_open.append(path)
    if is_open:
        sentence = f"Others on this machine may read or change {_name(is_open)}."
        yield problem("modes", sentence, f"Run `chmod -R go= {home}`, or start `sake up`, which does it.")
    if foreign:
        mend = f"Run everything as one user; `chown -R USER {home}` gives it to one."
        yield warning("modes", f"Another user owns {_name(foreign)}.", mend)
    if not is_open and not foreign:
        yield ok("modes", f"Nobody but its owner may look into {home}.")


def _list_entries(home: Path) -> list[Path]:
    inner = [home / name for name in INNER if (home / name).is_dir()]
    return [home, *home.iterdir(), *(path for folder in inner for path in folder.iterdir())]


def check_keys(settings: Settings) -> Iterator[Finding]:
    """Look at the keys of the home, and at Ray's token: whether they are whole, not what they are."""
    token_key, home = find_token_key(settings), settings.home
    if not token_key.exists() and (home / "admin_password").exists():
        mend = "Restore it from the backup. Without one all sign in anew; webhooks and second factors have to be set up again."
        yield warning("keys", f"The key that signs tokens, {token_key}, is gone.", mend)
    remedy = "Restore it from the backup, or delete it and restart: it is made anew."
    there = [path for path in (token_key, find_screens_key(settings), home / "run" / "ray_token") if path.exists()]
    bad = [path for path in there if len(_read(path)) < KEY_CHARACTERS]
    for path in bad:
        yield problem("keys", f"{path} is empty or cut short.", remedy)
    yield from _check_cluster_token(settings)
    if there and not bad:
        yield ok("keys", f"{_name(there)} {'are' if len(there) > 1 else 'is'} whole.")


def _check_cluster_token(settings: Settings) -> Iterator[Finding]:
    if not settings.ray_address:
        return
    if os.environ.get("RAY_AUTH_MODE") != "token":
        sentence = "The Ray of SAKE_RAY_ADDRESS is asked without a token: whoever reaches it runs programs on it."
        mend = "Run `ray get-auth-token --generate`, and set RAY_AUTH_MODE=token and RAY_AUTH_TOKEN_PATH on all nodes."
        yield warning("keys", sentence, mend)
        return
    path = Path(os.environ.get("RAY_AUTH_TOKEN_PATH") or "~/.ray/auth_token").expanduser()
    if os.environ.get("RAY_AUTH_TOKEN"):
        return
    if not path.is_file() or not _read(path):
        mend = "Name the file of the cluster's token in RAY_AUTH_TOKEN_PATH."
        yield problem("keys", f"There is no token of Ray in {path}.", mend)
    elif _is_open(path):
        yield problem("keys", f"Others on this machine may read Ray's token in {path}.", f"Run `chmod go= {path}`.")
    else:
        yield ok("keys", f"There is a token of Ray in {path}.")


def check_secret_files(settings: Settings) -> Iterator[Finding]:
    """Look at the files with secrets that settings name: there, readable by us, and by nobody else."""
    for name in SECRETS:
        if not (given := getattr(settings, name)):
            continue
        path = Path(given).expanduser().absolute()
        named, there = f"SAKE_{name.upper()} names {path}", "Put the secret there, readable by this user alone."
        if not path.is_file() or not os.access(path, os.R_OK):
            yield problem("secrets", f"{named}, which is not there or not readable.", there)
        elif not path.stat().st_size:
            yield problem("secrets", f"{named}, which is empty.", there)
        elif _is_open(path):
            yield warning("secrets", f"{named}, which others on this machine may read.", f"Run `chmod go= {path}`.")
        else:
            yield ok("secrets", f"{named}, which can be read here.")


def _is_open(path: Path) -> bool:
    """Whether others may read a file that is ours to close."""
    state = path.stat()
    return bool(state.st_mode & PRIVATE) and state.st_uid == os.geteuid() and not _is_read_only(path)


def _is_read_only(path: Path) -> bool:
    """Whether it is on a mount that nobody here can change: so containers get their secrets, with modes of whoever made them."""
    return bool(os.statvfs(path).f_flag & os.ST_RDONLY)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace").strip()


def _name(paths: list[Path]) -> str:
    more = len(paths) - SHOWN
    return ", ".join(map(str, paths[:SHOWN])) + (f" and {more} more" if more > 0 else "")
