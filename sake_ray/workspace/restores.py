"""Bring back an earlier state of the workspace, so that a kill at any moment leaves the state before it or a way back to it.

Everything the state needs is fetched first. Then a journal says what is about to happen; whoever holds the workspace next finds
it and goes back to the last commit, unless the commit that ends a restore was made.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sake_ray.errors import NotFound, WorkspaceError
from sake_ray.workspace import versions
from sake_ray.workspace.versions import BRANCH, dvc, git, write

JOURNAL = ".sake/restoring.json"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as DVC keeps it: its checksum, and its path in the workspace. Of a folder this is the list of its files."""

    md5: str
    path: str


def find_commit(folder: Path, name: str) -> str | None:
    """The commit of that name or beginning of a name, None when there is none here."""
    with suppress(WorkspaceError):
        return git(folder, "rev-parse", "--verify", "-q", "--end-of-options", f"{name}^{{commit}}")
    return None


def head(folder: Path) -> str | None:
    """The last commit, None before the first."""
    return find_commit(folder, "HEAD")


def adopt_history(folder: Path, there: str) -> None:
    """Go on from a history that was fetched, where there is none of our own; the files stay as they are."""
    fetched = find_commit(folder, there)
    if head(folder) is None and fetched:
        git(folder, "update-ref", f"refs/heads/{BRANCH}", fetched)


def missing(folder: Path, commit: str) -> tuple[list[str], int]:
    """The paths of a commit's data that are not in the cache, and how many it has; a folder whose list is missing is one."""
    cache = folder / ".dvc" / "cache" / "files" / "md5"
    lost, count = [], 0
    for stored in stored_by(folder, commit):
        place = cache / stored.md5[:2] / stored.md5[2:]
        count += 1
        if not place.exists():
            lost.append(stored.path)
        elif stored.md5.endswith(".dir"):
            for entry in json.loads(place.read_text(encoding="utf-8")):
                count += 1
                if not (cache / entry["md5"][:2] / entry["md5"][2:]).exists():
                    lost.append(f"{stored.path}/{entry['relpath']}")
    return lost, count


def stored_by(folder: Path, commit: str) -> Iterator[StoredFile]:
    """What DVC keeps of a commit: the images, and what its stages made. What git keeps itself is not among it."""
    kept = set(git(folder, "ls-tree", "-r", "--name-only", "-z", commit).split("\0"))
    tracked = _read_yaml(folder, commit, "data/raw.dvc").get("outs", [])
    stages = _read_yaml(folder, commit, "dvc.lock").get("stages", {})
    outs = [(f"data/{out['path']}", out) for out in tracked]
    outs += [(str(out["path"]), out) for stage in stages.values() for out in stage.get("outs", [])]
    for path, out in outs:
        if path not in kept and "md5" in out:
            yield StoredFile(str(out["md5"]), path)


def check_out(folder: Path, commit: str) -> None:
    """Let all files be as in that commit, in which `conclude` ends and which `settle` takes back.

    All that is there has to be committed, and all data of the commit has to be in the cache.
    """
    write(folder / JOURNAL, json.dumps({"from": head(folder), "to": commit}) + "\n")
    _go_to(folder, commit)


def conclude(folder: Path, message: str) -> str:
    """Commit the files that were brought back, also when they are those of the last commit; return the commit."""
    commit = versions.commit(folder, message, always=True)
    (folder / JOURNAL).unlink()
    return commit


def begun(folder: Path) -> bool:
    """Whether a restore was begun that has not ended."""
    return (folder / JOURNAL).exists()


def settle(folder: Path) -> None:
    """Take back a restore that did not come to its commit: all files are as they were before it."""
    if not begun(folder):
        return
    journal = json.loads((folder / JOURNAL).read_text(encoding="utf-8"))
    versions.clear_locks(folder)
    if head(folder) == journal["from"]:
        # By way of the state it was going to: then git knows every file that came from there.
        git(folder, "read-tree", "--reset", "-u", journal["to"])
        _go_to(folder, journal["from"], without=missing(folder, journal["from"])[0])
    (folder / JOURNAL).unlink()


def note(folder: Path, commit: str, key: str) -> str:
    """What a commit's message says in the line that begins with this key; empty when it has none."""
    return git(folder, "log", "-1", f"--format=%(trailers:key={key},valueonly,unfold)", commit)


def last_with(folder: Path, commit: str, key: str) -> str | None:
    """The last commit, up to that one, whose message has a line that begins with this key."""
    return git(folder, "log", "-1", "--format=%H", f"--grep=^{key}:", commit) or None


def _go_to(folder: Path, commit: str, *, without: Sequence[str] = ()) -> None:
    """Let git and DVC bring the files of a commit; of the data, what is `without` need not be there."""
    git(folder, "read-tree", "--reset", "-u", commit)
    if not (folder / "data" / "raw.dvc").exists():
        shutil.rmtree(folder / "data" / "raw", ignore_errors=True)
    (folder / "data" / "raw").mkdir(parents=True, exist_ok=True)
    wanted = {stored.path for stored in stored_by(folder, commit)}
    lacking = {path for path in wanted if any(f"{lost}/".startswith(f"{path}/") for lost in without)}
    with dvc(folder) as repo, versions.as_ours("The data cannot be brought back"):
        from dvc.exceptions import CheckoutError

        try:
            repo.checkout(force=True)
        except CheckoutError as error:
            # What a stage is to make and never made fails too. A folder of which DVC could not make every file it
            # removes: then the journal has to stay until it can.
            if {str(path) for path in error.target_infos} & (wanted - lacking):
                raise


def _read_yaml(folder: Path, commit: str, path: str) -> Mapping[str, Any]:
    try:
        content = YAML(typ="safe").load(git(folder, "show", f"{commit}:{path}"))
    except WorkspaceError:
        return {}
    except YAMLError as error:
        raise NotFound(f"{path} of the commit {commit[:10]} is damaged.") from error
    return content if isinstance(content, dict) else {}
