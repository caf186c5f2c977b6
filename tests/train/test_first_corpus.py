"""The texts that come with the package are what real OCR reads from generated documents."""

import gzip
import json
import random
from hashlib import sha256
from pathlib import Path

import pytest

from sake_ray.classifier import Classifier, load
from sake_ray.data.reading import Reader, ReadingOptions
from sake_ray.domain.texts import Recipe
from sake_ray.domain.verdicts import OTHER, Policy
from sake_ray.synthetic.fonts import FAMILIES, find_font, has_font
from sake_ray.synthetic.generate import LABELS
from sake_ray.train.first_model import CORPUS, CORPUS_COUNT, CORPUS_ENGINE, CORPUS_SEED
from sake_ray.train.first_model.corpus import (
    generate_document,
    measure_corpus,
    read_corpus,
)

RECIPE = Recipe("tesserocr", "5.5.4", "fra+eng", 1, 1)
SEEDED_TEN = random.Random(10).sample(range(measure_corpus(CORPUS_COUNT)), 10)
DRAWN_WITH = "a33d1577c84c4013"
"""The typefaces that the corpus was drawn with: those of Debian 12."""
LETTERS_READ_DIFFERENTLY = 0.02
WITH_OTHER_TYPEFACES = 0.08
"""Later Debians have other versions of most typefaces: other letters, and lines that break elsewhere. It was 0.039 on
Debian 13 and 0.042 on the one after it, and 0.10 where two families were missing."""


@pytest.fixture(scope="module")
def champion(home: Path) -> Classifier:
    """The first model, as `sake up` made it."""
    (folder,) = (home / "models").iterdir()
    return load(folder, recipe=None)


def character_errors(truth: str, read: str) -> float:
    """The edit distance over the length of the truth (Levenshtein 1966)."""
    row = list(range(len(read) + 1))
    for i, true in enumerate(truth, start=1):
        last, row[0] = row[0], i
        for j, seen in enumerate(read, start=1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (true != seen))
    return row[-1] / max(1, len(truth))


def digest_of_typefaces() -> str:
    """The sum of the font files that the documents of this machine are drawn with."""
    names = sorted({name for family in FAMILIES.values() for name in family if has_font(name)})
    return sha256(b"".join(find_font(name).read_bytes() for name in names)).hexdigest()[:16]


def test_seeded_ten_read_again_give_the_same_texts_and_labels(champion: Classifier) -> None:
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        entries = [json.loads(line) for line in lines]
    stored = list(read_corpus(RECIPE))
    errors, length = 0.0, 0
    with Reader(ReadingOptions(engine=CORPUS_ENGINE)) as reader:
        for index in SEEDED_TEN:
            document = generate_document(index, count=CORPUS_COUNT, seed=CORPUS_SEED)
            again = reader.read(document.data)
            text, truth = again.text, "\f".join(page["text"] for page in entries[index]["pages"])
            if text != truth:
                errors += character_errors(truth, text) * len(truth)
            length += len(truth)
            assert entries[index]["label"] == document.label
            one, other = champion.predict([again, stored[index][0]], policy=Policy())
            assert one.label == other.label
    same = digest_of_typefaces() == DRAWN_WITH
    assert errors / length <= (LETTERS_READ_DIFFERENTLY if same else WITH_OTHER_TYPEFACES)


def test_every_text_is_there_and_no_class_has_more_than_each_class() -> None:
    labels = [label for _, label in read_corpus(RECIPE)]
    each = CORPUS_COUNT // len(LABELS)
    assert len(labels) == measure_corpus(CORPUS_COUNT)
    more = measure_corpus(CORPUS_COUNT) - CORPUS_COUNT
    assert {label: labels.count(label) for label in LABELS} == dict.fromkeys(LABELS, each) | {OTHER: each + more}


def test_character_errors_count_what_was_changed() -> None:
    assert character_errors("facture", "factur") == pytest.approx(1 / 7)
    assert character_errors("abc", "abc") == 0
