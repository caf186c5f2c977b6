"""Read the manifest of a saved model, and check that the model may be used here."""

import json
from dataclasses import dataclass, field, fields
from datetime import datetime
from hashlib import sha256 as hash_sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from sake_ray.classifier.parameters import Hyperparameters
from sake_ray.domain.drift import Profile
from sake_ray.domain.texts import Recipe
from sake_ray.errors import InputError, ModelRefused

FORMAT_VERSION = 3
MANIFEST_FILE = "manifest.json"
MAX_MANIFEST_BYTES = 1_000_000
LIBRARIES = ("scikit-learn", "numpy")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is written beside a model; `sha256` is that of the manifest's own bytes and so names the whole.

    `profile` counts what it was fitted on; it is empty in models from before there were profiles.
    """

    labels: tuple[str, ...]
    recipe: Recipe
    parameters: Hyperparameters
    model_sha256: str
    libraries: dict[str, str]
    created: datetime
    sha256: str
    profile: Profile = field(default_factory=dict)


def read_manifest(folder: Path, *, recipe: Recipe | None = None, sha256: str | None = None) -> Manifest:
    """Read what is written beside a model and check that it may be used here; raises ModelRefused."""
    content = read_bytes(folder / MANIFEST_FILE, MAX_MANIFEST_BYTES)
    found = hash_sha256(content).hexdigest()
    if sha256 is not None and found != sha256:
        raise ModelRefused("model-checksum-differs", found=found, registered=sha256)
    manifest = parse_manifest(content, found)
    if recipe is not None and (difference := recipe_difference(manifest.recipe, recipe)):
        raise ModelRefused("model-recipe-differs", difference=difference)
    here, there = version("scikit-learn"), manifest.libraries["scikit-learn"]
    if minor(here) != minor(there):
        raise ModelRefused("model-of-other-scikit-learn", made_with=there, here=here)
    return manifest


def read_bytes(path: Path, max_bytes: int | None = None) -> bytes:
    """Read a file of the model; raises ModelRefused when it is missing or too large."""
    try:
        with path.open("rb") as file:
            content = file.read(-1 if max_bytes is None else max_bytes + 1)
    except OSError as error:
        raise ModelRefused("model-file-missing", file=path.name, error=error.strerror) from error
    if max_bytes is not None and len(content) > max_bytes:
        raise ModelRefused("model-file-too-large", file=path.name, limit=max_bytes)
    return content


def parse_manifest(content: bytes, found: str) -> Manifest:
    """Turn the bytes into a manifest; raises ModelRefused when any of it is not what we write."""
    try:
        written = check_type(json.loads(content), dict)
        format_version = check_type(written["format_version"], int)
        if format_version == FORMAT_VERSION:
            libraries = check_type(written["libraries"], dict)
            return Manifest(
                labels=tuple(check_type(label, str) for label in check_type(written["labels"], list)),
                recipe=build(Recipe, written["recipe"]),
                parameters=build(Hyperparameters, written["parameters"]),
                model_sha256=check_type(written["model_sha256"], str),
                libraries={library: check_type(libraries[library], str) for library in LIBRARIES},
                created=datetime.fromisoformat(check_type(written["created"], str)),
                sha256=found,
                profile=check_profile(written.get("profile", {})),
            )
    except (ValueError, TypeError, KeyError, RecursionError, InputError) as error:
        raise ModelRefused("model-manifest-damaged", file=MANIFEST_FILE, error=error) from error
    raise ModelRefused("model-format-unknown", version=format_version, supported=FORMAT_VERSION)


def build(kind: type[T], written: Any) -> T:
    """Build one of our dataclasses of plain fields; raises KeyError or TypeError unless every field fits."""
    types = {field.name: field.type for field in fields(kind)}  # type: ignore[arg-type]
    unknown = check_type(written, dict).keys() - types.keys()
    if unknown:
        raise TypeError(f"unknown field {min(unknown)}")
    return kind(**{name: check_type(written[name], types[name]) for name in types})


def check_profile(written: Any) -> Profile:
    """Return the counts if they are such; raises TypeError."""
    return {
        source: {
            feature: {str(name): check_type(count, int) for name, count in check_type(bins, dict).items()}
            for feature, bins in check_type(features, dict).items()
        }
        for source, features in check_type(written, dict).items()
    }


def check_type(value: Any, kind: Any) -> Any:
    """Return the value if it is of that very type, where a whole number may stand for a float; raises TypeError."""
    if type(value) is kind or (kind is float and type(value) is int):
        return value
    raise TypeError(f"{str(value)[:40]!r} should be {kind.__name__}")


def recipe_difference(one: Recipe, other: Recipe) -> str:
    """Name the first thing that keeps two recipes from being used together; empty when nothing does.

    pytesseract and tesserocr are two ways to call the same Tesseract, and its minor versions read alike.
    """
    for name, mine, theirs in (
        ("the version of Tesseract", one.engine_version.split(".")[0], other.engine_version.split(".")[0]),
        ("the languages", one.languages, other.languages),
        ("the reading version", one.reading_version, other.reading_version),
        ("the cleaning version", one.cleaning_version, other.cleaning_version),
    ):
        if mine != theirs:
            return f"{name} is {mine} there and {theirs} here"
    return ""


def minor(library_version: str) -> str:
    """Keep major.minor of a version."""
    return ".".join(library_version.split(".")[:2])
