"""Mirror the workspace elsewhere: its data in a DVC remote, its history in a git remote."""

import re
from pathlib import Path

from sake_ray.errors import Message, RemoteUnavailable, WorkspaceError
from sake_ray.files import write_atomically
from sake_ray.storage.objects import ObjectStore, open_store
from sake_ray.workspace.dvc import DvcRepository
from sake_ray.workspace.git import GitRepository
from sake_ray.workspace.layout import LAYOUT

REMOTE = "store"
CONNECT_SECONDS, READ_SECONDS = 10, 60
REFUSED = re.compile(r"forbidden|access ?denied|invalidaccesskeyid|signaturedoesnotmatch|expiredtoken|401|403", re.I)
NO_CREDENTIALS = re.compile(r"credentials", re.I)


class Remotes:
    """The remotes of a workspace, by their URLs; an empty URL stands for none."""

    def __init__(
        self, git: GitRepository, dvc: DvcRepository, *, git_url: str, dvc_url: str, s3_endpoint: str, s3_region: str
    ) -> None:
        self.git, self.dvc = git, dvc
        self.git_url, self.dvc_url = resolve_url(git_url), resolve_url(dvc_url)
        self.s3_endpoint, self.s3_region = s3_endpoint, s3_region

    def configure(self) -> None:
        """Name the DVC remote in the file that is not committed: its URL is this machine's business.

        With an endpoint of its own S3 is addressed by path and signature 4, without more words: botocore does so by itself.
        """
        lines = [f"['remote \"{REMOTE}\"']", f"    url = {self.dvc_url}"]
        if self.dvc_url.startswith("s3://"):
            lines += [f"    region = {self.s3_region}"]
            lines += [f"    endpointurl = {self.s3_endpoint}"] if self.s3_endpoint else []
            lines += [f"    connect_timeout = {CONNECT_SECONDS}", f"    read_timeout = {READ_SECONDS}"]
        content = "\n".join(["[core]", f"    remote = {REMOTE}", *lines]) + "\n" if self.dvc_url else ""
        path = self.dvc.folder / LAYOUT.dvc_local_config
        if (path.read_text() if path.exists() else "") != content:
            write_atomically(path, content)

    def open_objects(self) -> ObjectStore | None:
        """Open the DVC remote as the store that it is; None without one. Nothing is contacted yet."""
        return open_store(self.dvc_url, endpoint=self.s3_endpoint, region=self.s3_region) if self.dvc_url else None

    def push(self) -> None:
        """Push data, then history; to a remote that may lack any of it, the data of all commits.

        Raises RemoteUnavailable.
        """
        if not self.dvc_url and not self.git_url:
            return
        marker, urls = self.dvc.folder / LAYOUT.push_marker, f"{self.dvc_url}\n{self.s3_endpoint}\n{self.git_url}\n"
        complete = marker.exists() and marker.read_text(encoding="utf-8") == urls
        marker.unlink(missing_ok=True)
        if self.dvc_url:
            try:
                with self.dvc.open() as repo:
                    repo.push(all_commits=not complete)
            except Exception as error:
                raise RemoteUnavailable("data-push-failed", error=self._explain(error)) from error
        if self.git_url:
            try:
                self.git.push(self.git_url)
            except WorkspaceError as error:
                raise RemoteUnavailable("history-push-failed", error=error) from error
        write_atomically(marker, urls)

    def find_commit(self, name: str) -> str | None:
        """Find the commit of that name or beginning of a hash, in the git remote when it is not here; None when nowhere.

        Raises RemoteUnavailable.
        """
        found = self.git.find_commit(name)
        if found or not self.git_url:
            return found
        try:
            self.git.fetch(self.git_url)
        except WorkspaceError as error:
            raise RemoteUnavailable("history-fetch-failed", error=error) from error
        return self.git.find_commit(name)

    def fetch(self, commit: str) -> None:
        """Fetch the data of a commit that is not here. Raises RemoteUnavailable, WorkspaceError when it is nowhere."""
        if self.dvc_url and self.dvc.outputs.find_missing(commit)[0]:
            self._fetch_data(commit)
        missing, count = self.dvc.outputs.find_missing(commit)
        if missing:
            facts = {"missing": len(missing), "files": count, "commit": commit[:10], "first": missing[0]}
            if self.dvc_url:
                raise WorkspaceError("training-data-missing", **facts, remote=self.dvc_url)
            raise WorkspaceError("training-data-missing-here", **facts)

    def _fetch_data(self, commit: str) -> None:
        """Fetch the data of a commit into the cache, as far as the remote has it."""
        from dvc.exceptions import DownloadError  # half a second

        md5 = next(iter(self.dvc.outputs.read_checksums(commit).values()))
        try:
            with self.dvc.open() as repo:
                # Fetching does not say why the remote fails to answer; asking for any one file does.
                remote = repo.cloud.get_remote_odb(REMOTE)
                remote.fs.exists(remote.oid_to_path(md5))
                repo.fetch(revs=[commit], workspace=False)
        except DownloadError:
            return  # the caller finds out what is missing, and names it
        except Exception as error:
            raise RemoteUnavailable("data-fetch-failed", error=self._explain(error)) from error

    def _explain(self, error: BaseException) -> Message:
        """Say why the DVC remote failed."""
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        if self.dvc_url.startswith("s3://"):
            remote = f"{self.dvc_url} at {self.s3_endpoint}" if self.s3_endpoint else self.dvc_url
            if isinstance(error, PermissionError) or REFUSED.search(reason):
                return Message("remote-refuses", remote=remote, error=reason)
            if NO_CREDENTIALS.search(reason):
                return Message("remote-needs-credentials", remote=remote, error=reason)
            return Message("remote-answers-wrongly", remote=remote, error=reason)
        return Message("remote-unusable", remote=self.dvc_url, error=reason)


def resolve_url(remote: str) -> str:
    """Make the address of a remote independent of the current folder: one without scheme or host is a folder."""
    if not remote or "://" in remote or re.match(r"[\w.-]+@[\w.-]+:", remote):
        return remote
    return str(Path(remote).expanduser().absolute())
