"""Keep the images of the corpus: data/raw/<label>/<sha256>.<ending>; the folders are the labels."""

import os
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256 as hash_sha256
from pathlib import Path

from sake_ray.errors import InputError, NotFound

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


def list_labels(raw: Path) -> dict[str, int]:
    """The labels in order, each with the number of its images."""
    return {folder.name: sum(map(_is_image, folder.iterdir())) for folder in _folders(raw)}


def list_images(raw: Path, label: str | None = None) -> tuple[TrainingImage, ...]:
    """The images, by label, the newest of each first. Anybody may be adding and removing meanwhile."""
    if label is None:
        return tuple(image for folder in _folders(raw) for image in list_images(raw, folder.name))
    folder = raw / check_label(label)
    found = [_image(path) for path in (folder.iterdir() if folder.is_dir() else ()) if _is_image(path)]
    there = [image for image in found if image]
    return tuple(sorted(there, key=lambda image: (-image.added.timestamp(), image.sha256)))


def find_image(raw: Path, sha256: str) -> TrainingImage | None:
    """The image of that content, under whatever label."""
    paths = (path for folder in _folders(raw) for path in folder.iterdir())
    return next((_image(path) for path in paths if _is_image(path) and path.name.startswith(sha256)), None)


def add_image(raw: Path, label: str, data: bytes, *, ending: str) -> TrainingImage:
    """Add an image, whole or not at all; one that is there already is fine. Raises InputError when it has another label."""
    label = settle_label(raw, label)
    digest = hash_sha256(data).hexdigest()
    known = find_image(raw, digest)
    if known and known.label != label:
        raise InputError(f"This image is already there, under the label {known.label!r}; move it if that is wrong.")
    if known:
        return known
    folder = raw / label
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{UNFINISHED}{digest}"
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.rename(folder / f"{digest}{ending}")
    found = find_image(raw, digest)
    assert found
    return found


def move_image(raw: Path, sha256: str, label: str) -> TrainingImage:
    """Give an image another label; raises NotFound."""
    image = _require(raw, sha256)
    target = raw / settle_label(raw, label)
    target.mkdir(exist_ok=True)
    image.path.rename(target / image.path.name)
    _drop_if_empty(image.path.parent)
    return _require(raw, sha256)


def remove_image(raw: Path, bin: Path, sha256: str) -> None:
    """Move an image into the bin, from which it can be put back; raises NotFound."""
    image = _require(raw, sha256)
    (bin / image.label).mkdir(parents=True, exist_ok=True)
    image.path.replace(bin / image.label / image.path.name)
    _drop_if_empty(image.path.parent)


def put_back_image(raw: Path, bin: Path, sha256: str) -> TrainingImage:
    """Put an image from the bin back under its label; raises NotFound, InputError when it is there again under another."""
    image = find_image(bin, sha256)
    if image is None:
        raise NotFound(f"There is no removed image {sha256[:64]!r}; a training since then has emptied the bin.")
    return add_image(raw, image.label, image.path.read_bytes(), ending=image.path.suffix)


def settle_label(raw: Path, label: str) -> str:
    """The label as it is written; raises InputError when it differs from one that is there by its capitals only."""
    label = check_label(label)
    for known in list_labels(raw):
        if known != label and known.casefold() == label.casefold():
            raise InputError(f"There is a label {known!r} already; write it like that.")
    return label


def check_label(label: str) -> str:
    """The label in composed letters; raises InputError when it could not be the name of a folder everywhere."""
    composed = unicodedata.normalize("NFC", label)
    if not LABEL.fullmatch(composed) or composed != composed.strip(" ."):
        raise InputError(
            f"{label[:60]!r} cannot be a label: up to 50 letters, digits, spaces, '_', '-' or '.', a letter or digit first."
        )
    return composed


def _require(raw: Path, sha256: str) -> TrainingImage:
    image = find_image(raw, sha256)
    if image is None:
        raise NotFound(f"There is no image {sha256[:64]!r} in the workspace.")
    return image


def _drop_if_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()


def _folders(raw: Path) -> list[Path]:
    there = raw.iterdir() if raw.is_dir() else ()
    return sorted(folder for folder in there if folder.is_dir() and not folder.name.startswith("."))


def _is_image(path: Path) -> bool:
    return NAME.fullmatch(path.name) is not None


def _image(path: Path) -> TrainingImage | None:
    """The image at a path; None when it has just been moved or removed."""
    try:
        facts = path.stat()
    except FileNotFoundError:
        return None
    added = datetime.fromtimestamp(facts.st_mtime, UTC)
    return TrainingImage(path.parent.name, path.name.partition(".")[0], path, facts.st_size, added)
