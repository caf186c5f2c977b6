"""Keep images, parameters, pipeline and figures of the trainings, every state of them: a folder under git and DVC."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sake_ray.errors import NotFound
from sake_ray.workspace import history, images, lock, remotes, versions
from sake_ray.workspace.images import Image
from sake_ray.workspace.lock import Holder, ignore_wait

__all__ = ["Holder", "Image", "Workspace"]


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
        self, who: str, *, seconds: float, on_wait: Callable[[Holder | None], None] = ignore_wait
    ) -> Iterator[None]:
        """Hold the workspace for the duration of the block; raises WorkspaceHeld naming who does after `seconds`."""
        with lock.hold(self.folder / ".sake" / "lock", who, seconds=seconds, on_wait=on_wait):
            yield

    def holder(self) -> Holder | None:
        """Who holds it; None when nobody does."""
        return lock.find_holder(self.folder / ".sake" / "lock")

    def prepare(self, *, pipeline: str, parameters: str) -> None:
        """Make what is missing of the workspace; `parameters` are written only where there are none."""
        versions.prepare(self.folder, pipeline=pipeline, parameters=parameters)
        remotes.set_remote(self.folder, self.remote, endpoint=self.s3_endpoint, region=self.s3_region)

    def labels(self) -> dict[str, int]:
        """The labels in order, each with the number of its images."""
        return images.list_labels(self.raw)

    def images(self, label: str | None = None) -> tuple[Image, ...]:
        """The images, by label, the newest of each first."""
        return images.list_images(self.raw, label)

    def add_image(self, label: str, data: bytes, *, ending: str) -> Image:
        """Add an image; raises InputError when it is there under another label."""
        return images.add_image(self.raw, label, data, ending=ending)

    def move_image(self, sha256: str, label: str) -> Image:
        """Give an image another label; raises NotFound."""
        return images.move_image(self.raw, sha256, label)

    def remove_image(self, sha256: str) -> None:
        """Remove an image; until the next training it can be put back. Raises NotFound."""
        images.remove_image(self.raw, self.bin, sha256)

    def put_back_image(self, sha256: str) -> Image:
        """Put a removed image back; raises NotFound when there is none."""
        return images.put_back_image(self.raw, self.bin, sha256)

    def removed_images(self) -> tuple[Image, ...]:
        """The images removed since the last training, that are not there again."""
        there = {image.sha256 for image in self.images()} if self.bin.is_dir() else set()
        return tuple(image for image in images.list_images(self.bin) if image.sha256 not in there)

    def find_image(self, sha256: str) -> Image:
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
        return versions.data_fingerprint(self.folder)

    def push(self) -> None:
        """Push to the remotes, also what could not be pushed before. Raises RemoteUnavailable."""
        remotes.push(self.folder, remote=self.remote, git_remote=self.git_remote, endpoint=self.s3_endpoint)
