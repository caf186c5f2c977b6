"""Store the images of the corpus: data/raw/<label>/<sha256>.<ending>; the folders are the labels."""

import re
import shutil
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256 as hash_sha256
from pathlib import Path

from sake_ray.errors import InputError, NotFound
from sake_ray.files import write_atomically

NAME = re.compile(r"([0-9a-f]{64})\.[a-z0-9]{1,5}")
LABEL = re.compile(r"[^\W][\w .-]{0,49}")
UNFINISHED = ".unfinished-"


@dataclass(frozen=True, slots=True)
class TrainingImage:
    """An image of the corpus; `added` is in UTC."""

    label: str
    sha256: str
    path: Path
    size: int
    added: datetime


class TrainingImages:
    """The images in `folder`, and those in `removed`, which can be put back until the next training.

    `before_listing` is called before the images are listed. Whoever writes holds the workspace.
    """

    def __init__(self, folder: Path, *, removed: Path, before_listing: Callable[[], None]) -> None:
        self.folder, self.removed, self.before_listing = folder, removed, before_listing

    def count_by_label(self) -> dict[str, int]:
        """Count the images of each label; the labels are in order."""
        self.before_listing()
        return self._count_by_label()

    def list(self, label: str | None = None) -> tuple[TrainingImage, ...]:
        """List the images, by label, the newest of each first."""
        self.before_listing()
        return list_images(self.folder, label)

    def list_removed(self) -> tuple[TrainingImage, ...]:
        """List the images removed since the last training that were not added again."""
        present = {image.sha256 for image in self.list()} if self.removed.is_dir() else set()
        return tuple(image for image in list_images(self.removed) if image.sha256 not in present)

    def find(self, sha256: str) -> TrainingImage:
        """Find the image of that content, a removed one too; raises NotFound."""
        return find_image(self.folder, sha256) or self._require(self.removed, sha256)

    def add(self, label: str, data: bytes, *, ending: str) -> TrainingImage:
        """Add an image, whole or not at all; adding it twice is fine. Raises InputError when it has another label."""
        label = self._normalize_label(label)
        digest = hash_sha256(data).hexdigest()
        known = find_image(self.folder, digest)
        if known and known.label != label:
            raise InputError("image-exists", label=known.label)
        if known:
            return known
        folder = self.folder / label
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / f"{digest}{ending}", data, sync=True, part=folder / f"{UNFINISHED}{digest}")
        return self._require(self.folder, digest)

    def move(self, sha256: str, label: str) -> TrainingImage:
        """Give an image another label; raises NotFound."""
        image = self._require(self.folder, sha256)
        target = self.folder / self._normalize_label(label)
        target.mkdir(exist_ok=True)
        image.path.rename(target / image.path.name)
        _remove_if_empty(image.path.parent)
        return self._require(self.folder, sha256)

    def remove(self, sha256: str) -> None:
        """Remove an image; until the next training it can be put back. Raises NotFound."""
        image = self._require(self.folder, sha256)
        (self.removed / image.label).mkdir(parents=True, exist_ok=True)
        image.path.replace(self.removed / image.label / image.path.name)
        _remove_if_empty(image.path.parent)

    def put_back(self, sha256: str) -> TrainingImage:
        """Put a removed image back under its label; raises NotFound, InputError when it was added under another."""
        image = find_image(self.removed, sha256)
        if image is None:
            raise NotFound("image-not-in-bin", image=sha256[:64])
        return self.add(image.label, image.path.read_bytes(), ending=image.path.suffix)

    def empty_removed(self) -> None:
        """Delete the removed images for good."""
        shutil.rmtree(self.removed, ignore_errors=True)

    def _count_by_label(self) -> dict[str, int]:
        return {folder.name: sum(map(_is_image, folder.iterdir())) for folder in _label_folders(self.folder)}

    def _normalize_label(self, label: str) -> str:
        """Check a label; raises InputError when it differs from a present one by its capitals only."""
        label = normalize_label(label)
        for known in self._count_by_label():
            if known != label and known.casefold() == label.casefold():
                raise InputError("label-spelled-otherwise", label=known)
        return label

    @staticmethod
    def _require(folder: Path, sha256: str) -> TrainingImage:
        image = find_image(folder, sha256)
        if image is None:
            raise NotFound("image-not-found", image=sha256[:64])
        return image


def list_images(root: Path, label: str | None = None) -> tuple[TrainingImage, ...]:
    """List the images, by label, the newest of each first. Anybody may be adding and removing meanwhile."""
    if label is None:
        return tuple(image for folder in _label_folders(root) for image in list_images(root, folder.name))
    folder = root / normalize_label(label)
    found = [_read_image(path) for path in (folder.iterdir() if folder.is_dir() else ()) if _is_image(path)]
    images = [image for image in found if image]
    return tuple(sorted(images, key=lambda image: (-image.added.timestamp(), image.sha256)))


def find_image(root: Path, sha256: str) -> TrainingImage | None:
    """Find the image of that content, under whatever label."""
    paths = (path for folder in _label_folders(root) for path in folder.iterdir())
    return next((_read_image(path) for path in paths if _is_image(path) and path.name.startswith(sha256)), None)


def normalize_label(label: str) -> str:
    """Compose the letters of a label; raises InputError when it could not name a folder everywhere."""
    composed = unicodedata.normalize("NFC", label)
    if not LABEL.fullmatch(composed) or composed != composed.strip(" ."):
        raise InputError("label-invalid", label=label[:60])
    return composed


def _remove_if_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()


def _label_folders(root: Path) -> list[Path]:
    entries = root.iterdir() if root.is_dir() else ()
    return sorted(folder for folder in entries if folder.is_dir() and not folder.name.startswith("."))


def _is_image(path: Path) -> bool:
    return NAME.fullmatch(path.name) is not None


def _read_image(path: Path) -> TrainingImage | None:
    """Read what the file system knows of an image; None when it has just been moved or removed."""
    try:
        facts = path.stat()
    except FileNotFoundError:
        return None
    added = datetime.fromtimestamp(facts.st_mtime, UTC)
    return TrainingImage(path.parent.name, path.name.partition(".")[0], path, facts.st_size, added)
