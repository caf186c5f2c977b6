"""Run git in the workspace: commits, and files as they were at any of them. Reading disturbs no writer."""

import os
import re
import subprocess
from contextlib import suppress
from pathlib import Path

from sake_ray.errors import NotFound, WorkspaceError
from sake_ray.workspace.layout import LAYOUT

BRANCH = "main"
FETCHED = "refs/sake/remote"
"""Where the fetched history of the git remote is, beside our own."""
IDENTITY = {"NAME": "sake_ray", "EMAIL": "sake_ray@localhost"}
IGNORED = "/.sake/\n"
KEPT = ("GIT_SSH_COMMAND", "GIT_SSH", "GIT_SSL_CAINFO", "GIT_SSL_NO_VERIFY", "GIT_ASKPASS", "GIT_EXEC_PATH")
"""The variables of git's own that say how to reach a remote."""
FULL_HASH = re.compile("[0-9a-f]{40,64}")
TRANSFER_SECONDS = 600.0


class GitRepository:
    """The git repository of a workspace. Whoever writes holds the workspace."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def exists(self) -> bool:
        """Whether the repository was made."""
        return (self.folder / ".git" / "HEAD").exists()

    def prepare(self) -> None:
        """Make the repository where it is missing or half made."""
        if not self.exists:
            self.run("init", "-q", "-b", BRANCH)
        ignore = self.folder / LAYOUT.gitignore
        if not ignore.exists() or IGNORED not in ignore.read_text():
            ignore.write_text(IGNORED + (ignore.read_text() if ignore.exists() else ""))

    def run(self, *arguments: str, seconds: float | None = None) -> str:
        """Run git under our own identity, whatever the user has configured, and return its output.

        Raises WorkspaceError with the most telling line, also when git takes longer than `seconds`.
        """
        # A hook of another repository that starts us must not have us work in that one.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in KEPT}
        environment = inherited | {
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C",
            "GIT_CONFIG_COUNT": "2", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
            "GIT_CONFIG_KEY_1": "commit.gpgsign", "GIT_CONFIG_VALUE_1": "false",
        }  # fmt: skip
        environment |= {
            f"GIT_{role}_{name}": value for role in ("AUTHOR", "COMMITTER") for name, value in IDENTITY.items()
        }
        # Nobody is there to answer what ssh asks.
        environment.setdefault("GIT_SSH_COMMAND", "ssh -o BatchMode=yes -o ConnectTimeout=20")
        command = ["git", *arguments]
        try:
            done = subprocess.run(
                command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=seconds
            )
        except subprocess.TimeoutExpired as error:
            raise WorkspaceError("git-timeout", command=arguments[0], seconds=seconds) from error
        if done.returncode:
            reason = extract_error(done.stderr, done.stdout)
            raise WorkspaceError("git-failed", command=arguments[0], error=reason)
        return done.stdout.strip()

    def find_commit(self, name: str) -> str | None:
        """Find the commit of that name or beginning of a hash; None when there is none here."""
        with suppress(WorkspaceError):
            return self.run("rev-parse", "--verify", "-q", "--end-of-options", f"{name}^{{commit}}")
        return None

    def list_commits(self) -> tuple[str, ...]:
        """List all commits, those fetched from the remote too; none before the first."""
        return tuple(self.run("rev-list", "--all").split()) if self.exists else ()

    def find_head(self) -> str | None:
        """Find the last commit; None before the first."""
        return self.find_commit("HEAD")

    def require_head(self) -> str:
        """Find the commit of the last training; raises NotFound before the first."""
        if not self.exists:
            raise NotFound("no-workspace")
        try:
            return self.run("rev-parse", "--verify", "HEAD")
        except WorkspaceError as error:
            raise NotFound("nothing-trained") from error

    def read_file(self, commit: str, path: Path) -> str:
        """Read a file as it was at a commit; `path` is relative. Raises NotFound."""
        self.require_head()
        try:
            if not FULL_HASH.fullmatch(commit):  # git would take other words for something else
                raise WorkspaceError("no-commit")
            return self.run("show", f"{commit}:{path.as_posix()}")
        except WorkspaceError as error:
            raise NotFound("file-not-in-commit", file=path.as_posix(), commit=commit[:12]) from error

    def list_files(self, commit: str) -> set[str]:
        """List the files that git itself holds of a commit."""
        return set(self.run("ls-tree", "-r", "--name-only", "-z", commit).split("\0"))

    def commit(self, message: str, *, allow_empty: bool = False) -> str:
        """Commit whatever changed, or nothing if `allow_empty`; return the commit the workspace is at."""
        self.run("add", "--all")
        if allow_empty or self.run("status", "--porcelain"):
            self.run("commit", "-q", "--allow-empty", "-m", message)
        return self.run("rev-parse", "HEAD")

    def reset_files(self, commit: str) -> None:
        """Make the index and the files those of a commit; the branch stays where it is."""
        self.run("read-tree", "--reset", "-u", commit)

    def read_trailer(self, commit: str, key: str) -> str:
        """Read a trailer of a commit's message, such as `Signed-off-by`; empty when it has none."""
        return self.run("log", "-1", f"--format=%(trailers:key={key},valueonly,unfold)", commit)

    def find_last_with_trailer(self, commit: str, key: str) -> str | None:
        """Find the last commit, up to that one, whose message has a trailer of this key."""
        return self.run("log", "-1", "--format=%H", f"--grep=^{key}:", commit) or None

    def push(self, url: str) -> None:
        """Push our history."""
        self.run("push", "-q", url, BRANCH, seconds=TRANSFER_SECONDS)

    def fetch(self, url: str) -> None:
        """Fetch a remote's history beside our own."""
        self.run("fetch", "-q", url, f"+{BRANCH}:{FETCHED}", seconds=TRANSFER_SECONDS)

    def adopt_fetched(self) -> None:
        """Continue a fetched history where we have none of our own; the files stay as they are."""
        fetched = self.find_commit(FETCHED)
        if self.find_head() is None and fetched:
            self.run("update-ref", f"refs/heads/{BRANCH}", fetched)


def extract_error(*outputs: str) -> str:
    """Find the line of git's output that says what is wrong, without the password that an address may contain."""
    lines = [line.strip() for output in outputs for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("fatal:", "error:", "! "))]
    return re.sub(r"://[^/@\s]*@", "://", (errors or lines or ["it ended without a word"])[0])
