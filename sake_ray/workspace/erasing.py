"""Erase documents from the workspace: their images, and whatever DVC holds that was made of them, here and in its remote.

Git itself has nothing of a document but its sha256 and label: no commit is rewritten. A training whose data is gone cannot be
restored any more; which these are is written down before anything is removed.
"""

import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sake_ray.errors import NotFound, ObjectMissing
from sake_ray.files import write_atomically
from sake_ray.storage.objects import ObjectStore
from sake_ray.workspace.dvc_outputs import DvcOutput, DvcOutputs
from sake_ray.workspace.git import GitRepository
from sake_ray.workspace.images import TrainingImages, list_images
from sake_ray.workspace.layout import LAYOUT
from sake_ray.workspace.remotes import Remotes

DERIVED = (
    *(LAYOUT.texts, LAYOUT.cleaned, LAYOUT.vectorized, LAYOUT.search_set, LAYOUT.predictions, LAYOUT.model),
    *(LAYOUT.near_duplicates, LAYOUT.checkpoints),
)
"""What was made of the images, and is made again by the next training or import."""
LIST = ".dir"
"""How the checksum of a folder ends, of which DVC holds the list of its files."""
REMOTE_FOLDER = "files/md5"
"""Where a remote of DVC 3 has its objects."""


@dataclass(frozen=True, slots=True)
class ErasedData:
    """What was removed: images, objects of the cache and of the remote; and the commits that had learned from it."""

    images: int = 0
    objects: int = 0
    remote_objects: int = 0
    commits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _State:
    """The data of a commit, or of the files as they are ("")."""

    commit: str
    outputs: tuple[DvcOutput, ...]
    lists: Mapping[str, Mapping[str, str]]
    """The files of each output that is a folder, by its path."""
    split: str

    @property
    def images(self) -> Mapping[str, str]:
        """The images with their checksums, by label and name."""
        return self.lists.get(LAYOUT.images.as_posix(), {})

    def holds(self, digests: Collection[str]) -> bool:
        """Whether any of these documents is among its images, or in its split."""
        return any(_digest_of(path) in digests for path in self.images) or any(one in self.split for one in digests)

    def list_objects(self) -> Iterator[str]:
        """List the checksums of all its data."""
        for output in self.outputs:
            yield output.md5
            yield from self.lists.get(output.path, {}).values()


class TrainingEraser:
    """Erases documents from a workspace, while its caller holds that."""

    def __init__(
        self, folder: Path, images: TrainingImages, git: GitRepository, outputs: DvcOutputs, remotes: Remotes
    ) -> None:
        self.folder, self.images, self.git, self.outputs, self.remotes = folder, images, git, outputs, remotes

    def list_commits(self) -> frozenset[str]:
        """List the commits whose data was erased: none of them can be restored."""
        path = self.folder / LAYOUT.erased_commits
        return frozenset(path.read_text(encoding="utf-8").split()) if path.exists() else frozenset()

    def erase(self, digests: Collection[str]) -> ErasedData:
        """Erase the documents with these sha256. Doing it again finishes what a kill left.

        Raises StorageUnavailable when the remote does not answer; then it is to be done again.
        """
        if not digests or not self.folder.exists():
            return ErasedData()
        remote = self.remotes.open_objects()
        states = [self._read_state(commit, remote) for commit in ("", *self.git.list_commits())]
        affected = [state for state in states if state.holds(digests)]
        commits = tuple(state.commit for state in affected if state.commit)
        self._remember(commits)
        images = self._remove_images(digests)
        if not affected and not images:
            return ErasedData()
        needed = {md5 for state in states if state not in affected for md5 in state.list_objects()}
        # The other images of these trainings: they are nobody's business here.
        needed |= {md5 for state in affected for path, md5 in state.images.items() if _digest_of(path) not in digests}
        gone = {md5 for state in affected for md5 in state.list_objects()} - needed
        present = states[0]
        made = {output.path for output in present.outputs} - {LAYOUT.images.as_posix()} | set(map(str, DERIVED))
        for path in made if present in affected else {str(LAYOUT.near_duplicates)}:
            _remove(self.folder / path)
        # The lists of folders last: whoever finishes this after a kill finds by them what is left.
        objects = self._clear_cache(needed, lists=False)
        remote_objects = self._clear_remote(remote, gone)
        objects += self._clear_cache(needed, lists=True)
        return ErasedData(images, objects, remote_objects, commits)

    def _read_state(self, commit: str, remote: ObjectStore | None) -> _State:
        outputs = tuple(self.outputs.read_all(commit) if commit else self.outputs.read_present())
        lists = {one.path: self._list_files(one, remote) for one in outputs if one.md5.endswith(LIST)}
        return _State(commit, outputs, lists, self._read_split(commit))

    def _list_files(self, output: DvcOutput, remote: ObjectStore | None) -> Mapping[str, str]:
        """List the files of a folder; none when neither the cache nor the remote has the list."""
        known = self.outputs.list_files(output)
        if known is None and remote is not None:
            try:
                return self.outputs.parse_list(remote.get(_name(output.md5)))
            except ObjectMissing:
                pass
        return known or {}

    def _read_split(self, commit: str) -> str:
        path = self.folder / LAYOUT.split
        if not commit:
            return path.read_text(encoding="utf-8") if path.exists() else ""
        try:
            return self.git.read_file(commit, LAYOUT.split)
        except NotFound:
            return ""

    def _remember(self, commits: Collection[str]) -> None:
        known = self.list_commits()
        if set(commits) - known:
            path = self.folder / LAYOUT.erased_commits
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, "\n".join(sorted({*known, *commits})) + "\n", sync=True)

    def _remove_images(self, digests: Collection[str]) -> int:
        """Remove images, and those that could still be put back."""
        removed = 0
        for root in (self.images.folder, self.images.removed):
            for image in list_images(root):
                if image.sha256 in digests:
                    image.path.unlink()
                    removed += 1
                    if not any(image.path.parent.iterdir()):
                        image.path.parent.rmdir()
        return removed

    def _clear_cache(self, needed: Collection[str], *, lists: bool) -> int:
        """Remove all objects that no other training needs, either lists or all else; also those that came to no commit."""
        removed = 0
        for path in (self.folder / LAYOUT.dvc_cache).glob("??/*"):
            if path.name.endswith(LIST) is lists and path.parent.name + path.name not in needed:
                path.unlink()
                removed += 1
        return removed

    def _clear_remote(self, remote: ObjectStore | None, gone: Collection[str]) -> int:
        removed = 0
        if remote is None:
            return 0
        for md5 in sorted(gone, key=lambda one: (one.endswith(LIST), one)):
            removed += remote.exists(_name(md5))
            remote.erase(_name(md5))
        return removed


def _name(md5: str) -> str:
    return f"{REMOTE_FOLDER}/{md5[:2]}/{md5[2:]}"


def _digest_of(path: str) -> str:
    """The sha256 of an image, by its path below the images."""
    return path.rpartition("/")[2].partition(".")[0]


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
