"""Save a classifier as two files, and load it again after checking both."""

import json
import struct
import zlib
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256 as hash_sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from sake_ray.classifier.fitting import FittedModel
from sake_ray.classifier.manifest import FORMAT_VERSION, LIBRARIES, MANIFEST_FILE, Manifest, read_bytes, read_manifest
from sake_ray.classifier.model_archive import pack_archive, unpack_archive
from sake_ray.classifier.parameters import Hyperparameters
from sake_ray.classifier.vectorizer import IdfWeights, Vocabulary
from sake_ray.domain.drift import Profile
from sake_ray.domain.texts import Recipe
from sake_ray.errors import ModelRefused
from sake_ray.files import write_atomically

MODEL_FILE = "model.npz"
ARRAYS = ("coef", "char_idf", "token_idf", "char_norm_offset", "token_norm_offset", "legible", "temperature")
TEXTS = ("labels", "chars", "tokens")
# What zipfile, json and numpy raise for a file that was made to look like one of theirs.
DAMAGE = (
    BadZipFile, zlib.error, struct.error, ValueError, TypeError, LookupError, RuntimeError, EOFError, OSError, MemoryError,
)  # fmt: skip


def write_model(
    folder: Path,
    labels: tuple[str, ...],
    recipe: Recipe,
    parameters: Hyperparameters,
    model: FittedModel,
    *,
    created: datetime,
    profile: Profile,
) -> str:
    """Write both files, the manifest last; return its sha256."""
    content = pack_model(labels, model)
    manifest = {
        "format_version": FORMAT_VERSION,
        "labels": list(labels),
        "recipe": asdict(recipe),
        "parameters": asdict(parameters),
        "model_sha256": hash_sha256(content).hexdigest(),
        "libraries": {library: version(library) for library in LIBRARIES},
        "created": created.isoformat(),
        "profile": profile,
    }
    written = json.dumps(manifest, indent=2).encode()
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / MODEL_FILE, content, sync=True)
    write_atomically(folder / MANIFEST_FILE, written, sync=True)
    return hash_sha256(written).hexdigest()


def check_files(folder: Path, *, sha256: str) -> Manifest:
    """Check both files of a saved classifier against the checksum `save` returned; raises ModelRefused."""
    manifest = read_manifest(folder, sha256=sha256)
    read_checked(folder, manifest)
    return manifest


def read_checked(folder: Path, manifest: Manifest) -> bytes:
    """Read the model file a manifest speaks of and no other; raises ModelRefused."""
    content = read_bytes(folder / MODEL_FILE)
    if hash_sha256(content).hexdigest() != manifest.model_sha256:
        raise ModelRefused("model-file-swapped", file=MODEL_FILE, manifest=MANIFEST_FILE)
    return content


def read_model(folder: Path, manifest: Manifest) -> FittedModel:
    """Read the model a manifest speaks of; not a byte of another is parsed. Raises ModelRefused."""
    content = read_checked(folder, manifest)
    try:
        return unpack_model(content, manifest.labels)
    except DAMAGE as error:
        raise ModelRefused("model-file-damaged", file=MODEL_FILE, error=error) from error


def pack_model(labels: tuple[str, ...], model: FittedModel) -> bytes:
    """Take a model apart into arrays and texts."""
    idf, vocabulary = model.idf, model.vocabulary
    arrays = {
        "coef": model.coef,
        "char_idf": idf.char_idf,
        "token_idf": idf.token_idf,
        "char_norm_offset": np.array(idf.char_norm_offset),
        "token_norm_offset": np.array(idf.token_norm_offset),
        "legible": np.array(idf.legible),
        "temperature": np.array(model.temperature),
    }
    return pack_archive(arrays, {"labels": labels, "chars": vocabulary.chars, "tokens": vocabulary.tokens})


def unpack_model(content: bytes, labels: tuple[str, ...]) -> FittedModel:
    """Put a model together again; raises one of DAMAGE when the parts do not fit."""
    arrays, texts = unpack_archive(content, ARRAYS, TEXTS)
    if texts["labels"] != labels:
        raise ValueError(f"its labels are not those of its {MANIFEST_FILE}")
    vocabulary = Vocabulary(check_ngrams(texts["chars"]), check_ngrams(texts["tokens"]))
    idf = IdfWeights(
        check_array(arrays["char_idf"], (len(vocabulary.chars),)),
        check_array(arrays["token_idf"], (len(vocabulary.tokens),)),
        check_number(arrays["char_norm_offset"]),
        check_number(arrays["token_norm_offset"]),
        check_number(arrays["legible"], least=-np.inf),
    )
    coef = check_array(arrays["coef"], (len(labels), vocabulary.n_features))
    temperature = check_number(arrays["temperature"])
    if temperature == 0:
        raise ValueError("its temperature is zero")
    return FittedModel(vocabulary, idf, coef, temperature)


def check_ngrams(ngrams: tuple[str, ...]) -> tuple[str, ...]:
    """Return the n-grams if each has a column of its own."""
    if len(set(ngrams)) != len(ngrams):
        raise ValueError("an n-gram has two columns")
    return ngrams


def check_array(array: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Return the array if it is one of finite floats and of that shape."""
    if array.dtype != np.float32 or array.shape != shape or not np.isfinite(array).all():
        raise ValueError(f"an array is not {shape} finite numbers")
    return array


def check_number(array: NDArray[Any], *, least: float = 0.0) -> float:
    """Return the only number of an array if it is finite and not less than `least`."""
    if array.dtype != np.float64 or array.shape != () or not np.isfinite(array) or float(array) < least:
        raise ValueError("a number is out of range")
    return float(array)
