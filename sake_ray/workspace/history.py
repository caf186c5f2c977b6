"""Read any committed state of the workspace, without disturbing whoever writes in it."""

import re
from pathlib import Path

from ruamel.yaml import YAML

from sake_ray.errors import NotFound, WorkspaceError
from sake_ray.workspace.versions import git

COMMIT = re.compile("[0-9a-f]{40,64}")
CACHE = ".dvc/cache/files/md5"


def find_head(folder: Path) -> str:
    """The commit of the last training; raises NotFound before the first."""
    if not (folder / ".git" / "HEAD").exists():
        raise NotFound("There is no training workspace yet; `sake train` makes it.")
    try:
        return git(folder, "rev-parse", "--verify", "HEAD")
    except WorkspaceError as error:
        raise NotFound("Nothing was trained in this workspace yet; run `sake train`.") from error


def read_file(folder: Path, commit: str, path: str) -> str:
    """A file as it was at a commit; raises NotFound."""
    find_head(folder)
    try:
        if not COMMIT.fullmatch(commit):  # git would take other words for something else
            raise WorkspaceError("no commit")
        return git(folder, "show", f"{commit}:{path}")
    except WorkspaceError as error:
        raise NotFound(f"The workspace has no {path} of the commit {commit[:12]!r}.") from error


def find_output(folder: Path, commit: str, path: str) -> Path | None:
    """Where a file that DVC keeps lies as it was at a commit; None when it is not kept on this machine."""
    stages = YAML(typ="safe").load(read_file(folder, commit, "dvc.lock"))["stages"]
    for stage in stages.values():
        for output in stage.get("outs", ()):
            if output["path"] == path:
                digest = str(output["md5"])
                kept = folder / CACHE / digest[:2] / digest[2:]
                return kept if kept.is_file() else None
    return None
