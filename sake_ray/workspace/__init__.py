"""Hold the images, parameters, pipeline and metrics of all trainings in one folder, every state under git and DVC."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sake_ray.errors import WorkspaceLocked
from sake_ray.files import write_atomically
from sake_ray.workspace import lock
from sake_ray.workspace.dvc import DvcRepository
from sake_ray.workspace.erasing import ErasedData, TrainingEraser
from sake_ray.workspace.git import GitRepository
from sake_ray.workspace.images import TrainingImage, TrainingImages
from sake_ray.workspace.layout import LAYOUT, WorkspaceLayout
from sake_ray.workspace.lock import LockHolder, ignore_wait
from sake_ray.workspace.remotes import Remotes
from sake_ray.workspace.restores import Restores, remove_leftovers

__all__ = ["LAYOUT", "ErasedData", "LockHolder", "TrainingImage", "Workspace", "WorkspaceLayout"]


class Workspace:
    """One folder, by its parts. Reading needs nothing; whoever writes holds it."""

    def __init__(
        self,
        folder: Path,
        *,
        dvc_remote: str = "",
        git_remote: str = "",
        s3_endpoint: str = "",
        s3_region: str = "us-east-1",
    ) -> None:
        self.folder, self.layout = folder, LAYOUT.at(folder)
        self.images = TrainingImages(
            self.layout.images, removed=self.layout.removed_images, before_listing=self._undo_killed_restore
        )
        self.git = GitRepository(folder)
        self.dvc = DvcRepository(folder, self.git)
        self.remotes = Remotes(
            self.git,
            self.dvc,
            git_url=git_remote,
            dvc_url=dvc_remote,
            s3_endpoint=s3_endpoint,
            s3_region=s3_region,
        )
        self.restores = Restores(folder, self.git, self.dvc)
        self.erasures = TrainingEraser(folder, self.images, self.git, self.dvc.outputs, self.remotes)

    @contextmanager
    def hold(
        self, owner: str, *, seconds: float, on_wait: Callable[[LockHolder | None], None] = ignore_wait
    ) -> Iterator[None]:
        """Hold the workspace for the duration of the block; raises WorkspaceLocked naming its owner after `seconds`.

        A restore that was killed is undone first.
        """
        with lock.hold(self.layout.lock, owner, seconds=seconds, on_wait=on_wait):
            self.restores.undo()
            yield

    def find_holder(self) -> LockHolder | None:
        """Find who holds the workspace; None when nobody does."""
        return lock.find_holder(self.layout.lock)

    def prepare(self, *, pipeline: str, parameters: str) -> None:
        """Make what is missing of the workspace; `parameters` are written only where there are none."""
        remove_leftovers(self.folder)
        self.git.prepare()
        self.dvc.prepare()
        self.layout.images.mkdir(parents=True, exist_ok=True)
        # The images that came from answers; the pipeline depends on it from the start.
        self.layout.provenance.touch()
        self.layout.metrics.mkdir(exist_ok=True)
        if not self.layout.params.exists():
            write_atomically(self.layout.params, parameters)
        if not self.layout.dvc_yaml.exists() or self.layout.dvc_yaml.read_text(encoding="utf-8") != pipeline:
            write_atomically(self.layout.dvc_yaml, pipeline)
        self.remotes.configure()

    def track_images(self) -> None:
        """Let DVC record the images as they are now; what was removed before can no longer be put back."""
        self.dvc.track_images()
        self.images.empty_removed()

    def _undo_killed_restore(self) -> None:
        """Undo a killed restore before reading; one that is at work is waited for by nobody."""
        if self.restores.in_progress:
            with suppress(WorkspaceLocked), self.hold("a look at the images", seconds=0):
                pass
