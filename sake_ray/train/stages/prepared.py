"""Keep a corpus in numbers on disk, in blocks that travel to whoever trains on them."""

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sake_ray.classifier.vectorized_corpus import VectorizedCorpus
from sake_ray.classifier.vectorizer import IdfWeights, NgramCounts, Vocabulary
from sake_ray.domain.texts import Recipe
from sake_ray.train.stages.tables import read_recipe, write_recipe

ROWS_A_BLOCK = 1000
FACTS, RECIPE, VOCABULARY, WEIGHING = "facts.json", "recipe.json", "vocabulary.json", "weighing.npz"
MEMBERS_FILE = "members.parquet"


@dataclass(frozen=True, slots=True)
class CorpusBlock:
    """Some rows of a prepared corpus; the fields are those of `VectorizedCorpus`."""

    counts: NgramCounts
    targets: Any
    folds: Any
    original: Any


@dataclass(frozen=True, slots=True, eq=False)
class CorpusFacts:
    """What all blocks share, and how many documents each label has. With a weighing it is to be learnt block by block: it is too
    large to be learnt at once."""

    labels: tuple[str, ...]
    sizes: tuple[int, ...]
    recipe: Recipe
    vocabulary: Vocabulary
    weighing: IdfWeights | None


def write_corpus_facts(folder: Path, corpus: CorpusFacts) -> None:
    """Write what all blocks share."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FACTS).write_text(json.dumps({"labels": corpus.labels, "sizes": corpus.sizes}) + "\n", encoding="utf-8")
    write_recipe(folder / RECIPE, corpus.recipe)
    vocabulary = {"chars": corpus.vocabulary.chars, "tokens": corpus.vocabulary.tokens}
    (folder / VOCABULARY).write_text(json.dumps(vocabulary), encoding="utf-8")
    if weighing := corpus.weighing:
        np.savez(
            folder / WEIGHING,
            char_idf=weighing.char_idf,
            token_idf=weighing.token_idf,
            halves=np.array([weighing.char_norm_offset, weighing.token_norm_offset]),
        )


def read_corpus_facts(folder: Path) -> CorpusFacts:
    """Read what `write_corpus_facts` wrote."""
    facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    words = json.loads((folder / VOCABULARY).read_text(encoding="utf-8"))
    weighing = None
    if (folder / WEIGHING).exists():
        with np.load(folder / WEIGHING) as kept:
            halves = kept["halves"]
            weighing = IdfWeights(kept["char_idf"], kept["token_idf"], float(halves[0]), float(halves[1]))
    vocabulary = Vocabulary(tuple(words["chars"]), tuple(words["tokens"]))
    return CorpusFacts(
        tuple(facts["labels"]), tuple(facts["sizes"]), read_recipe(folder / RECIPE), vocabulary, weighing
    )


def write_block(folder: Path, number: int, block: bytes) -> None:
    """Write a packed block; blocks are read in the order of their numbers."""
    (folder / f"block-{number:06d}.npz").write_bytes(block)


def find_blocks(folder: Path) -> tuple[Path, ...]:
    """The blocks in their order."""
    return tuple(sorted(folder.glob("block-*.npz")))


def cut_blocks(prepared: VectorizedCorpus) -> Iterator[CorpusBlock]:
    """Cut a prepared corpus into blocks."""
    for start in range(0, len(prepared.targets), ROWS_A_BLOCK):
        rows = slice(start, start + ROWS_A_BLOCK)
        yield CorpusBlock(prepared.counts[rows], prepared.targets[rows], prepared.folds[rows], prepared.original[rows])  # type: ignore[index]


def join_blocks(blocks: Sequence[CorpusBlock], vocabulary: Vocabulary) -> VectorizedCorpus:
    """Put all blocks together again."""
    from scipy import sparse  # with numpy's parts it drags in, a second of `sake --help`

    counts = NgramCounts(
        sparse.vstack([block.counts.chars for block in blocks], format="csr"),
        sparse.vstack([block.counts.tokens for block in blocks], format="csr"),
        np.vstack([block.counts.cues for block in blocks]),
    )
    targets, folds, original = (
        np.concatenate([getattr(block, name) for block in blocks]) for name in ("targets", "folds", "original")
    )
    return VectorizedCorpus(vocabulary, counts, targets, folds, original)


def pack_block(block: CorpusBlock) -> bytes:
    """Write a block as bytes."""
    content = {"cues": block.counts.cues, "targets": block.targets, "folds": block.folds, "original": block.original}
    for name, matrix in (("chars", block.counts.chars), ("tokens", block.counts.tokens)):
        content |= {f"{name}_{part}": getattr(matrix, part) for part in ("data", "indices", "indptr")}
        content[f"{name}_shape"] = np.array(matrix.shape)
    written = io.BytesIO()
    np.savez(written, **content)
    return written.getvalue()


def unpack_block(packed: bytes) -> CorpusBlock:
    """Read what `pack_block` wrote."""
    from scipy import sparse  # as above

    with np.load(io.BytesIO(packed)) as kept:
        matrices = [
            sparse.csr_matrix(
                tuple(kept[f"{name}_{part}"] for part in ("data", "indices", "indptr")),
                shape=tuple(kept[f"{name}_shape"]),
            )
            for name in ("chars", "tokens")
        ]
        return CorpusBlock(
            NgramCounts(matrices[0], matrices[1], kept["cues"]), kept["targets"], kept["folds"], kept["original"]
        )
