"""Count what a model is fitted on, so that drift away from it can be measured; the counts go into its manifest."""

from collections.abc import Iterator
from pathlib import Path

from sake_ray.data.corpus_tables import TRAIN, read_table, unpack_pages
from sake_ray.domain.drift import Profile, Traits, count_traits
from sake_ray.domain.texts import measure_ocr_confidence

MAX_DOCUMENTS = 20_000
"""Of a larger corpus so many are counted, evenly over it: unpacking a document takes a millisecond."""


def profile_corpus(texts: Path, cleaned: Path, members: Path) -> Profile:
    """Count the documents of the train part by source, feature and bin."""
    return count_traits(_describe(texts, cleaned, members))


def _describe(texts: Path, cleaned: Path, members: Path) -> Iterator[Traits]:
    parts = [row["part"] for row in read_table(members, ("part",))]
    learnt = [number for number, part in enumerate(parts) if part == TRAIN]
    chosen = set(learnt[:: -(-len(learnt) // MAX_DOCUMENTS) or 1])
    tables = read_table(texts, ("label", "pages")), read_table(cleaned, ("language",))
    for number, (text, features) in enumerate(zip(*tables, strict=True)):
        if number in chosen:
            pages = unpack_pages(text["pages"])
            words = sum(len(page.words) for page in pages)
            yield Traits(text["label"], features["language"], len(pages), words, measure_ocr_confidence(pages))
