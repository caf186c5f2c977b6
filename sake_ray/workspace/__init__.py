"""Keep images, parameters, pipeline and figures of the trainings, every state of them: a folder under git and DVC."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sake_ray.errors import NotFound, WorkspaceError, WorkspaceLocked
from sake_ray.workspace import history, images, lock, remotes, restores, versions
from sake_ray.workspace.images import TrainingImage
from sake_ray.workspace.lock import LockHolder, ignore_wait
from sake_ray.workspace.versions import data_fingerprint

__all__ = ["LockHolder", "TrainingImage", "Workspace", "data_fingerprint"]


class Workspace:
    """One folder. Reading needs nothing; whoever writes holds it."""

    def __init__(
        self,
        folder: Path,
        *,
        remote: str = "",
        s3_endpoint: str = "",
        s3_region: str = "us-east-1",
        git_remote: str = "",
    ) -> None:
        self.folder = folder
        self.remote, self.git_remote = remotes.locate(remote), remotes.locate(git_remote)
        self.s3_endpoint, self.s3_region = s3_endpoint, s3_region

    @property
    def raw(self) -> Path:
        """Where the images lie."""
        return self.folder / "data" / "raw"

    @property
    def bin(self) -> Path:
        """Where removed images lie until the next training."""
        return self.folder / ".sake" / "removed"

    @contextmanager
    def hold(
        self, who: str, *, seconds: float, on_wait: Callable[[LockHolder | None], None] = ignore_wait
    ) -> Iterator[None]:
        """Hold the workspace for the duration of the block; raises WorkspaceLocked naming who does after `seconds`.

        A restore that was killed is taken back first.
        """
        with lock.hold(self.folder / ".sake" / "lock", who, seconds=seconds, on_wait=on_wait):
            restores.settle(self.folder)
            yield

    def holder(self) -> LockHolder | None:
        """Who holds it; None when nobody does."""
        return lock.find_holder(self.folder / ".sake" / "lock")

    def prepare(self, *, pipeline: str, parameters: str) -> None:
        """Make what is missing of the workspace; `parameters` are written only where there are none."""
        versions.prepare(self.folder, pipeline=pipeline, parameters=parameters)
        remotes.set_remote(self.folder, self.remote, endpoint=self.s3_endpoint, region=self.s3_region)

    def labels(self) -> dict[str, int]:
        """The labels in order, each with the number of its images."""
        self._settle()
        return images.list_labels(self.raw)

    def images(self, label: str | None = None) -> tuple[TrainingImage, ...]:
        """The images, by label, the newest of each first."""
        self._settle()
        return images.list_images(self.raw, label)

    def add_image(self, label: str, data: bytes, *, ending: str) -> TrainingImage:
        """Add an image; raises InputError when it is there under another label."""
        return images.add_image(self.raw, label, data, ending=ending)

    def move_image(self, sha256: str, label: str) -> TrainingImage:
        """Give an image another label; raises NotFound."""
        return images.move_image(self.raw, sha256, label)

    def remove_image(self, sha256: str) -> None:
        """Remove an image; until the next training it can be put back. Raises NotFound."""
        images.remove_image(self.raw, self.bin, sha256)

    def put_back_image(self, sha256: str) -> TrainingImage:
        """Put a removed image back; raises NotFound when there is none."""
        return images.put_back_image(self.raw, self.bin, sha256)

    def removed_images(self) -> tuple[TrainingImage, ...]:
        """The images removed since the last training, that are not there again."""
        there = {image.sha256 for image in self.images()} if self.bin.is_dir() else set()
        return tuple(image for image in images.list_images(self.bin) if image.sha256 not in there)

    def find_image(self, sha256: str) -> TrainingImage:
        """The image of that content, a removed one too; raises NotFound."""
        image = images.find_image(self.raw, sha256) or images.find_image(self.bin, sha256)
        if image is None:
            raise NotFound(f"There is no image {sha256[:64]!r} in the workspace.")
        return image

    def track_images(self) -> None:
        """Let DVC know the images as they are now; what was removed before is gone from then on."""
        versions.track_images(self.folder)
        shutil.rmtree(self.bin, ignore_errors=True)

    def changed(self) -> bool:
        """Whether any stage would run."""
        return versions.changed(self.folder)

    def reproduce(self, targets: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Run the stages that something changed for; return their names. Raises WorkspaceError naming the one that failed."""
        return versions.reproduce(self.folder, targets)

    def commit(self, message: str) -> str:
        """Commit whatever changed; return the commit the workspace is at."""
        return versions.commit(self.folder, message)

    def head(self) -> str:
        """The commit of the last training; raises NotFound before the first."""
        return history.find_head(self.folder)

    def read_at(self, commit: str, path: str) -> str:
        """A file as it was at a commit; raises NotFound. Nobody needs to hold the workspace for this."""
        return history.read_file(self.folder, commit, path)

    def output_at(self, commit: str, path: str) -> Path | None:
        """Where a file that DVC keeps lies as it was at a commit; None when it is not on this machine."""
        return history.find_output(self.folder, commit, path)

    def data_fingerprint(self) -> str:
        """The checksum of all images, as DVC has it."""
        return data_fingerprint(self.folder)

    def push(self) -> None:
        """Push to the remotes, also what could not be pushed before. Raises RemoteUnavailable."""
        remotes.push(self.folder, remote=self.remote, git_remote=self.git_remote, endpoint=self.s3_endpoint)

    def find_commit(self, name: str) -> str | None:
        """The commit of that name or beginning of a name, from the git remote when it is not here; None when there is none.

        Raises RemoteUnavailable.
        """
        found = restores.find_commit(self.folder, name)
        if found or not self.git_remote:
            return found
        remotes.fetch_history(self.folder, self.git_remote)
        return restores.find_commit(self.folder, name)

    def fetch(self, commit: str) -> None:
        """Make sure that all data of a commit is here. Raises RemoteUnavailable, WorkspaceError when it is nowhere."""
        if self.remote and restores.missing(self.folder, commit)[0]:
            md5 = next(iter(self.checksums(commit).values()))
            remotes.fetch_data(self.folder, commit, md5=md5, remote=self.remote, endpoint=self.s3_endpoint)
        lost, count = restores.missing(self.folder, commit)
        if lost:
            where = f"neither here nor in {self.remote}" if self.remote else "not here, and there is no SAKE_DVC_REMOTE"
            raise WorkspaceError(
                f"{len(lost)} of the {count} files of {commit[:10]} are {where}, {lost[0]} first; nothing was changed."
            )

    def keep(self, message: str) -> str | None:
        """Commit what was not, images that were never trained on too; return the commit, None when there was nothing."""
        restores.adopt_history(self.folder, remotes.THERE)
        before = restores.head(self.folder)
        versions.track_images(self.folder)
        commit = versions.commit(self.folder, message)
        if any(path.startswith("data/raw") for path in restores.missing(self.folder, commit)[0]):
            raise WorkspaceError("DVC did not take in all images; nothing was changed.")
        return None if commit == before else commit

    def check_out(self, commit: str) -> None:
        """Let all files be as in a commit, which is fetched, after those here were kept; `conclude` or `settle` ends that."""
        restores.check_out(self.folder, commit)

    def conclude(self, message: str) -> str:
        """Commit what was checked out, as a commit of its own; return it."""
        return restores.conclude(self.folder, message)

    def settle(self) -> None:
        """Take back what was checked out and not concluded."""
        restores.settle(self.folder)

    def note(self, commit: str, key: str) -> str:
        """What the message of a commit says under a key; empty when nothing."""
        return restores.note(self.folder, commit, key)

    def last_with(self, commit: str, key: str) -> str | None:
        """The last commit, up to that one, whose message says something under a key."""
        return restores.last_with(self.folder, commit, key)

    def checksums(self, commit: str) -> dict[str, str]:
        """The checksums of a commit's data, by path."""
        return {stored.path: stored.md5 for stored in restores.stored_by(self.folder, commit)}

    def _settle(self) -> None:
        """Take back a killed restore before looking; one that is at work is waited for by nobody."""
        if restores.begun(self.folder):
            with suppress(WorkspaceLocked), self.hold("a look at the images", seconds=0):
                pass
