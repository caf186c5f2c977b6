"""Keep a second copy of the workspace elsewhere: its data in a DVC remote, its history in a git remote."""

import re
from pathlib import Path

from sake_ray.errors import RemoteUnavailable, WorkspaceError
from sake_ray.workspace.versions import BRANCH, dvc, git, write

REMOTE = "store"
THERE = "refs/sake/remote"
"""Where the history of the git remote is kept here, beside our own."""
CONNECT_SECONDS, READ_SECONDS, GIT_SECONDS = 10, 60, 600.0
REFUSED = re.compile(r"forbidden|access ?denied|invalidaccesskeyid|signaturedoesnotmatch|expiredtoken|401|403", re.I)
LACKING = re.compile(r"credentials", re.I)


def locate(remote: str) -> str:
    """The address of a remote as it counts from any folder: those without a scheme or host are folders, from the current one."""
    if not remote or "://" in remote or re.match(r"[\w.-]+@[\w.-]+:", remote):
        return remote
    return str(Path(remote).expanduser().absolute())


def set_remote(folder: Path, remote: str, *, endpoint: str, region: str) -> None:
    """Name the DVC remote, in the file that is not committed: its address is this machine's business.

    With an endpoint of its own S3 is spoken to by path and signature 4, without more words: botocore does so by itself.
    """
    lines = [f"['remote \"{REMOTE}\"']", f"    url = {remote}"]
    if remote.startswith("s3://"):
        lines += [f"    region = {region}"] + ([f"    endpointurl = {endpoint}"] if endpoint else [])
        lines += [f"    connect_timeout = {CONNECT_SECONDS}", f"    read_timeout = {READ_SECONDS}"]
    content = "\n".join(["[core]", f"    remote = {REMOTE}", *lines]) + "\n" if remote else ""
    path = folder / ".dvc" / "config.local"
    if (path.read_text() if path.exists() else "") != content:
        write(path, content)


def push(folder: Path, *, remote: str, git_remote: str, endpoint: str) -> None:
    """Push data, then history; to a remote that does not have all of it for sure, the data of all commits.

    Raises RemoteUnavailable.
    """
    done, here = folder / ".sake" / "pushed", f"{remote}\n{endpoint}\n{git_remote}\n"
    if not remote and not git_remote:
        return
    everything = not done.exists() or done.read_text(encoding="utf-8") != here
    done.unlink(missing_ok=True)
    if remote:
        try:
            with dvc(folder) as repo:
                repo.push(all_commits=everything)
        except Exception as error:
            raise RemoteUnavailable(f"The data could not be pushed: {explain(error, remote, endpoint)}") from error
    if git_remote:
        try:
            git(folder, "push", "-q", git_remote, BRANCH, seconds=GIT_SECONDS)
        except WorkspaceError as error:
            raise RemoteUnavailable(f"The history could not be pushed. {error}") from error
    write(done, here)


def fetch_history(folder: Path, git_remote: str) -> None:
    """Fetch the history of the git remote, beside our own. Raises RemoteUnavailable."""
    try:
        git(folder, "fetch", "-q", git_remote, f"+{BRANCH}:{THERE}", seconds=GIT_SECONDS)
    except WorkspaceError as error:
        raise RemoteUnavailable(f"The history could not be fetched. {error}") from error


def fetch_data(folder: Path, commit: str, *, md5: str, remote: str, endpoint: str) -> None:
    """Fetch the data of a commit into the cache, as far as the remote has it. Raises RemoteUnavailable.

    `md5` is that of any of it: by asking for it we hear why the remote does not answer, which fetching keeps to itself.
    """
    from dvc.exceptions import DownloadError  # half a second

    try:
        with dvc(folder) as repo:
            there = repo.cloud.get_remote_odb(REMOTE)
            there.fs.exists(there.oid_to_path(md5))
            repo.fetch(revs=[commit], workspace=False)
    except DownloadError:
        return  # what is missing is for the caller to find out, and to name
    except Exception as error:
        raise RemoteUnavailable(f"The data could not be fetched: {explain(error, remote, endpoint)}") from error


def explain(error: BaseException, remote: str, endpoint: str) -> str:
    """Say why a DVC remote did not do what it was asked."""
    why = (str(error).strip() or type(error).__name__).splitlines()[0]
    if remote.startswith("s3://"):
        where = f"{remote} at {endpoint}" if endpoint else remote
        if isinstance(error, PermissionError) or REFUSED.search(why):
            return f"{where} refuses us; check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY ({why})."
        if LACKING.search(why):
            return f"{where} asks who we are; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY ({why})."
        return f"{where} does not answer as it should ({why})."
    return f"{remote} cannot be used ({why})."
