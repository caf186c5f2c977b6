"""What is noted of the corpus beside a trained model."""

from pathlib import Path

import pytest

from sake_ray.data.corpus_tables import CLEANED, LEFT_OUT, MEMBERS, TEST, TEXTS, TRAIN, pack_pages, write_table
from sake_ray.domain.drift import ALL, OCR, TEXT_LAYER
from sake_ray.domain.texts import Box, Page, Word, WordSource
from sake_ray.train.stages import profile as stage
from sake_ray.train.stages.profile import profile_corpus

BOX = Box(0, 0, 1, 1)


def write_corpus(folder: Path, parts: list[str]) -> tuple[Path, Path, Path]:
    """Tables of documents with these parts: by turns a scan of 30 words and a text layer of 3."""
    texts, cleaned, members = [], [], []
    for number, part in enumerate(parts):
        is_scan = number % 2 == 0
        words = tuple(Word("bonjour", BOX, 88.0 if is_scan else 100.0, 0) for _ in range(30 if is_scan else 3))
        page = Page(1, 10, 10, words, WordSource.OCR if is_scan else WordSource.TEXT_LAYER)
        facts = {"id": str(number), "label": "cv" if is_scan else "id"}
        texts.append(facts | {"part": "", "media_type": "image/png", "pages": pack_pages([page])})
        features = {"words": [], "tokens": [], "token_words": [], "page_cues": []}
        cleaned.append(facts | {"part": "", "language": "fr"} | features)
        members.append(facts | {"part": part, "group": str(number)})
    paths = folder / "texts.parquet", folder / "cleaned.parquet", folder / "members.parquet"
    for path, rows, schema in zip(paths, (texts, cleaned, members), (TEXTS, CLEANED, MEMBERS), strict=True):
        write_table(path, rows, schema)
    return paths


def test_the_documents_that_are_learned_from_are_counted_and_no_others(tmp_path: Path) -> None:
    profile = profile_corpus(*write_corpus(tmp_path, [TRAIN, TRAIN, TEST, LEFT_OUT, TRAIN]))
    assert profile[ALL]["label"] == {"cv": 2, "id": 1}
    assert profile[OCR]["ocr_confidence"] == {"85": 2}
    assert profile[OCR]["words"] == {"20": 2}
    assert profile[TEXT_LAYER]["words"] == {"1": 1}
    assert profile[ALL]["language"] == {"fr": 3}


def test_of_a_large_corpus_some_are_counted_evenly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "MAX_DOCUMENTS", 10)
    profile = profile_corpus(*write_corpus(tmp_path, [TRAIN] * 33))
    assert sum(profile[ALL]["pages"].values()) == 9
    assert set(profile[ALL]["label"]) == {"cv"}


def test_a_corpus_without_a_train_part_has_no_counts(tmp_path: Path) -> None:
    assert profile_corpus(*write_corpus(tmp_path, [TEST])) == {}
