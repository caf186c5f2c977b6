"""How does a classifier lie on disk, and when are its files refused?"""

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

from sake_ray.classifier.fitting import FittedModel
from sake_ray.classifier.manifest import (
    FORMAT_VERSION,
    LIBRARIES,
    MANIFEST_FILE,
    Manifest,
    check_type,
    read_bytes,
    read_manifest,
)
from sake_ray.classifier.parameters import Hyperparameters
from sake_ray.classifier.vectorizer import IdfWeights, Vocabulary
from sake_ray.domain.texts import Recipe
from sake_ray.errors import ModelRefused
from sake_ray.files import write_atomically

MODEL_FILE = "model.skops"
# Arrays, strings and numbers only, which skops builds without being told to: no type of scikit-learn, none of ours.
TRUSTED_TYPES: tuple[str, ...] = ()
# What skops and zipfile raise for a file that was made to look like one of theirs.
DAMAGE = (
    BadZipFile, zlib.error, struct.error, ValueError, TypeError, LookupError, AttributeError, ImportError, RuntimeError,
    AssertionError, EOFError, OSError,
)  # fmt: skip


def write_model(
    folder: Path,
    labels: tuple[str, ...],
    recipe: Recipe,
    parameters: Hyperparameters,
    model: FittedModel,
    *,
    created: datetime,
) -> str:
    """Write both files, the manifest last; return its sha256."""
    import skops.io  # imports scikit-learn, which costs seconds

    content = skops.io.dumps(to_plain(labels, model))
    manifest = {
        "format_version": FORMAT_VERSION,
        "labels": list(labels),
        "recipe": asdict(recipe),
        "parameters": asdict(parameters),
        "model_sha256": hash_sha256(content).hexdigest(),
        "libraries": {library: version(library) for library in LIBRARIES},
        "created": created.isoformat(),
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
        raise ModelRefused(f"The model's {MODEL_FILE} is not the file its {MANIFEST_FILE} speaks of; fetch it again.")
    return content


def read_model(folder: Path, manifest: Manifest) -> FittedModel:
    """Read the model a manifest speaks of; skops sees no byte of another. Raises ModelRefused."""
    content = read_checked(folder, manifest)

    import skops.io  # imports scikit-learn, which costs seconds
    from skops.io.exceptions import UntrustedTypesFoundException

    try:
        return from_plain(skops.io.loads(content, trusted=list(TRUSTED_TYPES)), manifest)
    except UntrustedTypesFoundException as error:
        raise ModelRefused(f"The model's {MODEL_FILE} holds foreign types: {error}") from error
    except DAMAGE as error:
        raise ModelRefused(f"The model's {MODEL_FILE} is no model of this program: {error}") from error


def to_plain(labels: tuple[str, ...], model: FittedModel) -> dict[str, Any]:
    """Take a model apart into arrays, strings and numbers."""
    return {
        "labels": json.dumps(labels),
        # skops writes 200 bytes for each entry of a list.
        "chars": "\n".join(model.vocabulary.chars),
        "tokens": "\n".join(model.vocabulary.tokens),
        "char_idf": model.idf.char_idf,
        "token_idf": model.idf.token_idf,
        "char_norm_offset": model.idf.char_norm_offset,
        "token_norm_offset": model.idf.token_norm_offset,
        "coef": model.coef,
        "temperature": model.temperature,
    }


def from_plain(plain: Any, manifest: Manifest) -> FittedModel:
    """Put a model together again; raises TypeError, KeyError or ValueError when the parts do not fit."""
    check_type(plain, dict)
    if plain["labels"] != json.dumps(manifest.labels):
        raise ValueError(f"its labels are not those of its {MANIFEST_FILE}")
    vocabulary = Vocabulary(split(plain["chars"]), split(plain["tokens"]))
    idf = IdfWeights(
        check_array(plain["char_idf"], (len(vocabulary.chars),)),
        check_array(plain["token_idf"], (len(vocabulary.tokens),)),
        check_number(plain["char_norm_offset"]),
        check_number(plain["token_norm_offset"]),
    )
    coef = check_array(plain["coef"], (len(manifest.labels), vocabulary.n_features))
    temperature = check_number(plain["temperature"])
    if temperature <= 0:
        raise ValueError("its temperature is zero")
    return FittedModel(vocabulary, idf, coef, temperature)


def split(joined: Any) -> tuple[str, ...]:
    """Part the n-grams again."""
    return tuple(check_type(joined, str).split("\n")) if joined else ()


def check_array(array: Any, shape: tuple[int, ...]) -> Any:
    """Return the array if it is one of finite floats and of that shape."""
    if (
        type(array) is not np.ndarray
        or array.dtype != np.float32
        or array.shape != shape
        or not np.isfinite(array).all()
    ):
        raise ValueError(f"an array is not {shape} finite numbers")
    return array


def check_number(number: Any) -> float:
    """Return the number if it is finite and not negative."""
    if not 0 <= check_type(number, float) < float("inf"):
        raise ValueError("a number is out of range")
    return float(number)
