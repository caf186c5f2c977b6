"""Keep every state of the workspace in git and DVC. Only called while the workspace is held."""

import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from typing import Any

from sake_ray.errors import WorkspaceError

BRANCH = "main"
CHECKSUMS, CHECKSUM = ("md5", "md5-dos2unix"), re.compile(r"[0-9a-f]{32}(\.dir)?")
IGNORED = "/.sake/\n"
WHO = {"NAME": "sake_ray", "EMAIL": "sake_ray@localhost"}


def git(folder: Path, *words: str, seconds: float | None = None) -> str:
    """Run git as ourselves, whatever the user has configured, and return what it says.

    Raises WorkspaceError with the line that tells most, also when it takes longer than `seconds`.
    """
    environment = os.environ | {
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C",
        "GIT_CONFIG_COUNT": "2", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
        "GIT_CONFIG_KEY_1": "commit.gpgsign", "GIT_CONFIG_VALUE_1": "false",
    } | {f"GIT_{role}_{name}": value for role in ("AUTHOR", "COMMITTER") for name, value in WHO.items()}  # fmt: skip
    # Nobody is there to answer what ssh asks.
    environment.setdefault("GIT_SSH_COMMAND", "ssh -o BatchMode=yes -o ConnectTimeout=20")
    try:
        done = subprocess.run(
            ["git", *words], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=seconds
        )
    except subprocess.TimeoutExpired as error:
        raise WorkspaceError(f"git {words[0]} took longer than {seconds:g} seconds.") from error
    if done.returncode:
        raise WorkspaceError(f"git {words[0]} failed in the workspace: {telling_line(done.stderr, done.stdout)}")
    return done.stdout.strip()


def telling_line(*outputs: str) -> str:
    """The line of git's words that says what is wrong, without the password an address may have in it."""
    lines = [line.strip() for output in outputs for line in output.splitlines() if line.strip()]
    wrong = [line for line in lines if line.startswith(("fatal:", "error:", "! "))]
    return re.sub(r"://[^/@\s]*@", "://", (wrong or lines or ["it ended without a word"])[0])


@contextmanager
def dvc(folder: Path) -> Iterator[Any]:
    """DVC in this process, ten times faster than its command. What it prints goes to standard error."""
    os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
    from dvc.repo import Repo  # half a second

    logging.getLogger("dvc").setLevel(logging.ERROR)
    # Stages are started by DVC and write where this process writes: results are ours alone to print.
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    path = os.environ.get("PATH", "")
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{path}"
    # DVC takes every path, dvc.yaml's too, from the current folder.
    where = Path.cwd()
    os.chdir(folder)
    try:
        with Repo(str(folder)) as repo:
            yield repo
    finally:
        os.chdir(where)
        os.environ["PATH"] = path
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def prepare(folder: Path, *, pipeline: str, parameters: str) -> None:
    """Make the repository where it is missing or half made, and bring dvc.yaml up to date."""
    clear_locks(folder)
    if not (folder / ".git" / "HEAD").exists():
        git(folder, "init", "-q", "-b", BRANCH)
    if not (folder / ".dvc" / "config").exists():
        from dvc.repo import Repo  # as above

        logging.getLogger("dvc").setLevel(logging.ERROR)
        with redirect_stdout(sys.stderr):
            Repo.init(str(folder), force=True).close()
    config = folder / ".dvc" / "config"
    if "analytics" not in config.read_text(encoding="utf-8"):
        write(config, "[core]\n    analytics = false\n    check_update = false\n")
    (folder / "data" / "raw").mkdir(parents=True, exist_ok=True)
    # The images that came from answers; the pipeline depends on it from the start.
    (folder / "data" / "provenance.csv").touch()
    (folder / "metrics").mkdir(exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists() or IGNORED not in ignore.read_text():
        ignore.write_text(IGNORED + (ignore.read_text() if ignore.exists() else ""))
    if not (folder / "params.yaml").exists():
        write(folder / "params.yaml", parameters)
    if not (folder / "dvc.yaml").exists() or (folder / "dvc.yaml").read_text(encoding="utf-8") != pipeline:
        write(folder / "dvc.yaml", pipeline)


def clear_locks(folder: Path) -> None:
    """Remove what a kill left half done of git's, DVC's and our own: nobody else is at work while the workspace is held."""
    for lock in (*(folder / ".git").rglob("*.lock"), folder / ".dvc" / "tmp" / "rwlock"):
        lock.unlink(missing_ok=True)
    for pattern in ("data/raw/*/.unfinished-*", "data/raw/*/.*.tmp", "*.part", "*/*.part", ".*.tmp", "*/.*.tmp"):
        for part in folder.glob(pattern):
            part.unlink(missing_ok=True)


def track_images(folder: Path) -> None:
    """Let DVC know the images as they are now."""
    _mend(folder)
    with dvc(folder) as repo, as_ours("DVC cannot take in the images"):
        repo.add(str(folder / "data" / "raw"))


def _mend(folder: Path) -> None:
    """Go back to the last commit with what DVC was writing when it was killed: unlike git, it writes in place."""
    try:
        with dvc(folder) as repo:
            whole = all(_is_whole(entry) for entry in (*repo.index.deps, *repo.index.outs))
    except Exception:  # of any kind: half a file can be read as anything
        whole = False
    if not whole:
        for name in ("dvc.lock", "data/raw.dvc"):
            (folder / name).unlink(missing_ok=True)
            with suppress(WorkspaceError):  # it is in no commit yet, and will be made
                git(folder, "checkout", "-q", "HEAD", "--", name)


def _is_whole(entry: Any) -> bool:
    """Whether a file of a stage has a known kind of checksum, and none of its content or such a one."""
    if entry.hash_name == "params":
        return True
    known = entry.hash_info
    return entry.hash_name in CHECKSUMS and (not known or bool(CHECKSUM.fullmatch(known.value)))


def changed(folder: Path) -> bool:
    """Whether any stage would run."""
    with dvc(folder) as repo, as_ours("DVC cannot tell what changed"):
        return bool(repo.status())


def reproduce(folder: Path, targets: tuple[str, ...]) -> tuple[str, ...]:
    """Run the stages that something changed for; return their names. Raises WorkspaceError naming the one that failed."""
    with dvc(folder) as repo, as_ours("A stage failed"):
        done = repo.reproduce(targets=list(targets) or None)
        return tuple(str(getattr(stage, "name", stage)) for stage in done)


def commit(folder: Path, message: str, *, always: bool = False) -> str:
    """Commit whatever changed, or nothing when it has to be `always`; return the commit the workspace is at."""
    git(folder, "add", "--all")
    if always or git(folder, "status", "--porcelain"):
        git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")


def data_fingerprint(folder: Path) -> str:
    """The checksum of all images, as DVC has it; empty before DVC knows any."""
    path = folder / "data" / "raw.dvc"
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        if "md5:" in line:
            return line.split("md5:")[1].strip()
    return ""


@contextmanager
def as_ours(what: str) -> Iterator[None]:
    """DVC's errors become ours here."""
    from dvc.exceptions import DvcException  # as above

    try:
        yield
    except DvcException as error:
        why = error.__cause__ or error
        raise WorkspaceError(f"{what}: {str(why).splitlines()[0]}.") from error


def write(path: Path, content: str) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(content, encoding="utf-8")
    part.replace(path)
