"""Run DVC in the workspace: track the images, run the stages, bring data back. Only while the workspace is held."""

import logging
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from typing import Any

from sake_ray.errors import WorkspaceError
from sake_ray.files import write_atomically
from sake_ray.workspace.dvc_outputs import DvcOutputs
from sake_ray.workspace.git import GitRepository
from sake_ray.workspace.layout import LAYOUT

HASH_NAMES, CHECKSUM = ("md5", "md5-dos2unix"), re.compile(r"[0-9a-f]{32}(\.dir)?")
CONFIG = "[core]\n    analytics = false\n    check_update = false\n"


class DvcRepository:
    """The DVC repository of a workspace; `outputs` reads what DVC holds of any commit."""

    def __init__(self, folder: Path, git: GitRepository) -> None:
        self.folder, self.git = folder, git
        self.outputs = DvcOutputs(folder, git)

    def prepare(self) -> None:
        """Make the repository where it is missing or half made; git's has to be there."""
        config = self.folder / LAYOUT.dvc_config
        if not config.exists():
            from dvc.repo import Repo  # half a second

            logging.getLogger("dvc").setLevel(logging.ERROR)
            with redirect_stdout(sys.stderr):
                Repo.init(str(self.folder), force=True).close()
        if "analytics" not in config.read_text(encoding="utf-8"):
            write_atomically(config, CONFIG)

    @contextmanager
    def open(self) -> Iterator[Any]:
        """Open DVC in this process, ten times faster than its command. What it prints goes to standard error.

        The current folder and descriptor 1 of the whole process are others meanwhile: for the main thread only.
        """
        assert threading.current_thread() is threading.main_thread(), (
            "other threads need a process; see dvc_checkout.py"
        )
        os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
        from dvc.repo import Repo  # as above

        logging.getLogger("dvc").setLevel(logging.ERROR)
        # Stages are started by DVC and write where this process writes: results are ours alone to print.
        sys.stdout.flush()
        stdout = os.dup(1)
        os.dup2(2, 1)
        path = os.environ.get("PATH", "")
        os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{path}"
        # DVC takes every path, dvc.yaml's too, from the current folder.
        current = Path.cwd()
        os.chdir(self.folder)
        try:
            with Repo(str(self.folder)) as repo:
                yield repo
        finally:
            os.chdir(current)
            os.environ["PATH"] = path
            sys.stdout.flush()
            os.dup2(stdout, 1)
            os.close(stdout)

    def track_images(self) -> None:
        """Record the images as they are now."""
        self._repair()
        with self.open() as repo, translate_errors("DVC cannot take in the images"):
            repo.add(str(self.folder / LAYOUT.images))

    def has_changes(self) -> bool:
        """Tell whether any stage would run."""
        with self.open() as repo, translate_errors("DVC cannot tell what changed"):
            return bool(repo.status())

    def reproduce(self, targets: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Run the stages whose dependencies changed; return their names. Raises WorkspaceError naming the one that failed."""
        with self.open() as repo, translate_errors("A stage failed"):
            done = repo.reproduce(targets=list(targets) or None)
            return tuple(str(getattr(stage, "name", stage)) for stage in done)

    def check_out(self, required: set[str]) -> None:
        """Link the data of the present dvc.lock from the cache; raises WorkspaceError when any of `required` stays out."""
        with self.open() as repo, translate_errors("The data cannot be brought back"):
            from dvc.exceptions import CheckoutError

            try:
                repo.checkout(force=True)
            except CheckoutError as error:
                # What a stage is to make and never made fails too. A folder of which DVC could not make every file it
                # removes: then whoever called has to come again until it can.
                if {str(path) for path in error.target_infos} & required:
                    raise

    def _repair(self) -> None:
        """Restore from the last commit what DVC was writing when it was killed: unlike git, it writes in place."""
        try:
            with self.open() as repo:
                intact = all(_is_intact(entry) for entry in (*repo.index.deps, *repo.index.outs))
        except Exception:  # of any kind: half a file can be read as anything
            intact = False
        if not intact:
            for path in (LAYOUT.dvc_lock, LAYOUT.images_dvc):
                (self.folder / path).unlink(missing_ok=True)
                with suppress(WorkspaceError):  # it is in no commit yet, and will be made
                    self.git.run("checkout", "-q", "HEAD", "--", path.as_posix())


def _is_intact(entry: Any) -> bool:
    """Tell whether a file of a stage has a known kind of checksum, and a well-formed one if any."""
    if entry.hash_name == "params":
        return True
    known = entry.hash_info
    return entry.hash_name in HASH_NAMES and (not known or bool(CHECKSUM.fullmatch(known.value)))


@contextmanager
def translate_errors(summary: str) -> Iterator[None]:
    """Turn DVC's errors into a WorkspaceError that begins with the summary."""
    from dvc.exceptions import DvcException  # as above

    try:
        yield
    except DvcException as error:
        cause = error.__cause__ or error
        raise WorkspaceError("dvc-failed", task=summary, error=str(cause).splitlines()[0]) from error
