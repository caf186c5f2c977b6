"""Store the vectorized train part on disk, in blocks that travel to the worker that fits on them."""

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sake_ray.classifier.vectorized_corpus import VectorizedCorpus
from sake_ray.classifier.vectorizer import IdfWeights, NgramCounts, Vocabulary
from sake_ray.domain.texts import Recipe
from sake_ray.errors import InputError

ROWS_PER_BLOCK = 1000
FACTS, RECIPE, VOCABULARY, IDF = "facts.json", "recipe.json", "vocabulary.json", "weighing.npz"


@dataclass(frozen=True, slots=True)
class CorpusBlock:
    """Some rows of a vectorized corpus; the fields are those of `VectorizedCorpus`."""

    counts: NgramCounts
    targets: Any
    folds: Any
    original: Any


@dataclass(frozen=True, slots=True, eq=False)
class CorpusFacts:
    """What all blocks share, and how many documents each label has. With `idf` the model is fitted block by block: the
    corpus is too large to be fitted on at once."""

    labels: tuple[str, ...]
    sizes: tuple[int, ...]
    recipe: Recipe
    vocabulary: Vocabulary
    idf: IdfWeights | None


def write_corpus_facts(folder: Path, facts: CorpusFacts) -> None:
    """Write what all blocks share."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FACTS).write_text(json.dumps({"labels": facts.labels, "sizes": facts.sizes}) + "\n", encoding="utf-8")
    (folder / RECIPE).write_text(json.dumps(asdict(facts.recipe), indent=1) + "\n", encoding="utf-8")
    vocabulary = {"chars": facts.vocabulary.chars, "tokens": facts.vocabulary.tokens}
    (folder / VOCABULARY).write_text(json.dumps(vocabulary), encoding="utf-8")
    if idf := facts.idf:
        numbers = np.array([idf.char_norm_offset, idf.token_norm_offset, idf.legible])
        np.savez(folder / IDF, char_idf=idf.char_idf, token_idf=idf.token_idf, numbers=numbers)


def read_corpus_facts(folder: Path) -> CorpusFacts:
    """Read what `write_corpus_facts` wrote. Raises InputError."""
    facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    ngrams = json.loads((folder / VOCABULARY).read_text(encoding="utf-8"))
    idf = None
    if (folder / IDF).exists():
        with np.load(folder / IDF) as arrays:
            idf = IdfWeights(arrays["char_idf"], arrays["token_idf"], *map(float, arrays["numbers"]))
    vocabulary = Vocabulary(tuple(ngrams["chars"]), tuple(ngrams["tokens"]))
    recipe = _read_recipe(folder / RECIPE)
    return CorpusFacts(tuple(facts["labels"]), tuple(facts["sizes"]), recipe, vocabulary, idf)


def write_block(folder: Path, number: int, block: bytes) -> None:
    """Write a packed block; blocks are read in the order of their numbers."""
    (folder / f"block-{number:06d}.npz").write_bytes(block)


def find_blocks(folder: Path) -> tuple[Path, ...]:
    """Find the blocks, in their order."""
    return tuple(sorted(folder.glob("block-*.npz")))


def to_blocks(corpus: VectorizedCorpus) -> Iterator[CorpusBlock]:
    """Divide a vectorized corpus into blocks."""
    for start in range(0, len(corpus.targets), ROWS_PER_BLOCK):
        rows = slice(start, start + ROWS_PER_BLOCK)
        yield CorpusBlock(corpus.counts[rows], corpus.targets[rows], corpus.folds[rows], corpus.original[rows])  # type: ignore[index]


def join_blocks(blocks: Sequence[CorpusBlock], vocabulary: Vocabulary) -> VectorizedCorpus:
    """Join all blocks again."""
    from scipy import sparse  # with numpy's parts it drags in, a second of `sake --help`

    counts = NgramCounts(
        sparse.vstack([block.counts.chars for block in blocks], format="csr"),
        sparse.vstack([block.counts.tokens for block in blocks], format="csr"),
        np.vstack([block.counts.cues for block in blocks]),
        np.concatenate([block.counts.legibility for block in blocks]),
    )
    targets, folds, original = (
        np.concatenate([getattr(block, name) for block in blocks]) for name in ("targets", "folds", "original")
    )
    return VectorizedCorpus(vocabulary, counts, targets, folds, original)


def pack_block(block: CorpusBlock) -> bytes:
    """Write a block as bytes."""
    arrays = {name: getattr(block.counts, name) for name in ("cues", "legibility")}
    arrays |= {name: getattr(block, name) for name in ("targets", "folds", "original")}
    for name, matrix in (("chars", block.counts.chars), ("tokens", block.counts.tokens)):
        arrays |= {f"{name}_{part}": getattr(matrix, part) for part in ("data", "indices", "indptr")}
        arrays[f"{name}_shape"] = np.array(matrix.shape)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def unpack_block(packed: bytes) -> CorpusBlock:
    """Read what `pack_block` wrote."""
    from scipy import sparse  # as above

    with np.load(io.BytesIO(packed)) as arrays:
        matrices = [
            sparse.csr_matrix(
                tuple(arrays[f"{name}_{part}"] for part in ("data", "indices", "indptr")),
                shape=tuple(arrays[f"{name}_shape"]),
            )
            for name in ("chars", "tokens")
        ]
        counts = NgramCounts(matrices[0], matrices[1], arrays["cues"], arrays["legibility"])
        return CorpusBlock(counts, arrays["targets"], arrays["folds"], arrays["original"])


def _read_recipe(path: Path) -> Recipe:
    try:
        return Recipe(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise InputError("corpus-recipe-missing", file=path.name) from error
