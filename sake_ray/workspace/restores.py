"""Bring back an earlier state of the workspace, so that a kill at any moment leaves the state before it or a way back to it.

Everything the state needs is fetched first. Then a journal says what is about to happen; whoever holds the workspace next finds
it and goes back to the last commit, unless the commit that ends a restore was made.
"""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from sake_ray.errors import WorkspaceError
from sake_ray.files import write_atomically
from sake_ray.workspace.dvc import DvcRepository
from sake_ray.workspace.dvc_checkout import check_out_apart
from sake_ray.workspace.git import GitRepository
from sake_ray.workspace.layout import LAYOUT


class Restores:
    """The restores of a workspace: at most one is in progress."""

    def __init__(self, folder: Path, git: GitRepository, dvc: DvcRepository) -> None:
        self.folder, self.git, self.dvc = folder, git, dvc
        self.journal = folder / LAYOUT.restore_journal

    @property
    def in_progress(self) -> bool:
        """Whether a restore has begun that has not ended."""
        return self.journal.exists()

    def commit_pending(self, message: str) -> str | None:
        """Commit what was not, images that were never trained on too; return the commit, None when there was nothing."""
        self.git.adopt_fetched()
        before = self.git.find_head()
        self.dvc.track_images()
        commit = self.git.commit(message)
        images = LAYOUT.images.as_posix()
        if any(path.startswith(images) for path in self.dvc.outputs.find_missing(commit)[0]):
            raise WorkspaceError("dvc-images-incomplete")
        return None if commit == before else commit

    def check_out(self, commit: str) -> None:
        """Make all files those of a commit, until `conclude` or `undo` ends the restore.

        All present files have to be committed, and all data of the commit has to be in the cache.
        """
        write_atomically(self.journal, json.dumps({"from": self.git.find_head(), "to": commit}) + "\n")
        self._go_to(commit)

    def conclude(self, message: str) -> str:
        """Commit the files that were brought back, also when they are those of the last commit; return the commit."""
        commit = self.git.commit(message, allow_empty=True)
        self.journal.unlink()
        return commit

    def undo(self) -> None:
        """Undo a restore that did not come to its commit: all files are as they were before it."""
        if not self.in_progress:
            return
        entry = json.loads(self.journal.read_text(encoding="utf-8"))
        remove_leftovers(self.folder)
        if self.git.find_head() == entry["from"]:
            # By way of the state it was going to: then git knows every file that came from there.
            self.git.reset_files(entry["to"])
            self._go_to(entry["from"], without=self.dvc.outputs.find_missing(entry["from"])[0], apart=True)
        self.journal.unlink()

    def _go_to(self, commit: str, *, without: Sequence[str] = (), apart: bool = False) -> None:
        """Let git and DVC bring the files of a commit; of the data, what is in `without` need not be there.

        `apart`: DVC in a process of its own, since whoever reads or holds the workspace next may be a thread of the gateway.
        """
        self.git.reset_files(commit)
        images = self.folder / LAYOUT.images
        if not (self.folder / LAYOUT.images_dvc).exists():
            shutil.rmtree(images, ignore_errors=True)
        images.mkdir(parents=True, exist_ok=True)
        outputs = {output.path for output in self.dvc.outputs.read_all(commit)}
        incomplete = {path for path in outputs if any(f"{missing}/".startswith(f"{path}/") for missing in without)}
        if apart:
            check_out_apart(self.folder, outputs - incomplete)
        else:
            self.dvc.check_out(outputs - incomplete)


def remove_leftovers(folder: Path) -> None:
    """Remove what a kill left half done of git's, DVC's and our own: nobody else is at work while the workspace is held."""
    for lock in (*(folder / ".git").rglob("*.lock"), folder / LAYOUT.dvc_rwlock):
        lock.unlink(missing_ok=True)
    images = LAYOUT.images.as_posix()
    for pattern in (f"{images}/*/.unfinished-*", f"{images}/*/.*.tmp", "*.part", "*/*.part", ".*.tmp", "*/.*.tmp"):
        for part in folder.glob(pattern):
            part.unlink(missing_ok=True)
