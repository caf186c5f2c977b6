"""Clean the texts of the corpus, and keep what the classifier looks at."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from sake_ray.classifier.text_features import TextFeatures, extract_features
from sake_ray.data.corpus_tables import count_groups, read_group
from sake_ray.data.reading import to_document_text
from sake_ray.domain.datatypes import Row
from sake_ray.domain.progress import Progress
from sake_ray.domain.texts import Recipe
from sake_ray.train.stages.ingest import OpenRay
from sake_ray.train.stages.tables import CLEANED, unpack_pages, write_table

FEW_GROUPS = 4
"""So many groups of rows are cleaned faster than Ray Data starts."""


def clean(texts: Path, out: Path, *, recipe: Recipe, open_ray: OpenRay, on_progress: Progress) -> int:
    """Write the cleaned rows in the order of the texts; return how many there are. Ray is opened for a large corpus."""
    groups = count_groups(texts)

    def rows() -> Iterator[Row]:
        for done, group in enumerate(clean_groups(texts, groups, recipe), start=1):
            yield from group
            on_progress(done, groups)

    with open_ray() if groups > FEW_GROUPS else nullcontext():
        return write_table(out, rows(), CLEANED)


def clean_groups(texts: Path, groups: int, recipe: Recipe) -> Iterator[list[Row]]:
    """Clean group by group, in order."""
    if groups > FEW_GROUPS:
        from sake_ray.train.stages.clean_on_ray import clean_on_ray  # Ray reads its environment when it is imported

        yield from clean_on_ray(texts, groups, recipe)
        return
    for group in range(groups):
        yield [clean_row(row, recipe) for row in read_group(texts, group)]


def clean_row(row: Row, recipe: Recipe) -> Row:
    """Clean one text; the same functions as when a document is classified."""
    text = to_document_text(row["id"], row["media_type"], unpack_pages(row["pages"]), recipe)
    glimpse = extract_features(text)
    kept = {name: row[name] for name in ("id", "label", "part")}
    return kept | {"language": text.language} | _columns(glimpse)


def _columns(glimpse: TextFeatures) -> Row:
    return {
        "words": list(glimpse.words),
        "tokens": [token for token, _ in glimpse.tokens],
        "token_words": [word for _, word in glimpse.tokens],
        "page_cues": list(glimpse.page_cues),
    }
