"""Generated documents are the same everywhere, balanced, readable as the files they claim to be, and true."""

import io
import json
import logging
import os
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageOps

from sake_ray.errors import InputError
from sake_ray.synthetic import files
from sake_ray.synthetic.generate import LABELS, GeneratedDocument, generate, generate_one, write_samples
from sake_ray.synthetic.sheet import Sheet, sheets_to_pdf

COUNT = 32
SUMS = """
from sake_ray.synthetic.generate import generate
for document in generate(8, seed=11):
    print(document.name, document.sha256)
"""


@pytest.fixture(scope="module")
def documents() -> list[GeneratedDocument]:
    return list(generate(COUNT, seed=3))


def spoken(text: str) -> str:
    """The text without any spacing."""
    return "".join(text.split())


def test_two_processes_generate_the_same_bytes() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", SUMS],
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    ]

    assert runs[0].count("\n") == 8
    assert runs[0] == runs[1]


def test_document_depends_on_seed_and_index_only(documents: list[GeneratedDocument]) -> None:
    assert generate_one(9, seed=3) == documents[9]
    assert generate_one(9, seed=4).data != documents[9].data


def test_labels_and_languages_are_balanced(documents: list[GeneratedDocument]) -> None:
    assert Counter(document.label for document in documents) == dict.fromkeys(LABELS, COUNT // 4)
    assert Counter((document.label, document.language) for document in documents) == {
        (label, language): COUNT // 8 for label in LABELS for language in ("fr", "en")
    }


def test_names_are_distinct_and_harmless(documents: list[GeneratedDocument]) -> None:
    assert len({document.name for document in documents}) == COUNT
    assert documents[0].name.startswith("00000-facture.")
    assert all(document.name.endswith(files.SUFFIXES[document.media_type]) for document in documents)


def test_every_file_opens_as_its_type_with_its_pages(documents: list[GeneratedDocument]) -> None:
    for document in documents:
        if document.media_type == files.PDF:
            with pypdfium2.PdfDocument(document.data) as pdf:
                assert len(pdf) == document.pages
            continue
        with Image.open(io.BytesIO(document.data)) as image:
            assert Image.MIME[image.format or ""] == document.media_type
            assert getattr(image, "n_frames", 1) == document.pages
            image.load()


def test_every_document_has_text_of_its_pages(documents: list[GeneratedDocument]) -> None:
    for document in documents:
        assert len(document.true_text.split("\f")) == document.pages
        assert spoken(document.true_text) or document.label == "other"


def test_only_documents_without_defect_have_a_text_layer(documents: list[GeneratedDocument]) -> None:
    for document in documents:
        if document.media_type == files.PDF:
            with pypdfium2.PdfDocument(document.data) as pdf:
                layer = "".join(page.get_textpage().get_text_bounded() for page in pdf)
            assert bool(spoken(layer)) is (document.defect == "none")


def test_asking_for_two_labels_gives_those_in_turn() -> None:
    labels = [document.label for document in generate(3, seed=1, labels=("resume", "facture"))]

    assert labels == ["resume", "facture", "resume"]


def test_unknown_label_is_refused_in_a_sentence() -> None:
    with pytest.raises(InputError, match="for the label recipe; there are facture"):
        generate_one(0, seed=1, labels=("recipe",))


def test_written_samples_match_their_truth(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []

    truth = write_samples(5, seed=2, out=tmp_path / "out", on_progress=lambda done, total: seen.append((done, total)))

    rows = [json.loads(line) for line in truth.read_text(encoding="utf-8").splitlines()]
    written = {
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()
    }
    assert written == {"truth.jsonl", *(f"{row['label']}/{row['name']}" for row in rows)}
    for row in rows:
        assert sha256((tmp_path / "out" / row["label"] / row["name"]).read_bytes()).hexdigest() == row["sha256"]
    assert seen == [(done, 5) for done in range(1, 6)]


def test_text_layer_reads_back_as_the_true_text(caplog: pytest.LogCaptureFixture) -> None:
    sheet = Sheet()
    for number, line in enumerate(
        ("Facture n° 2024-001", "Œuvre d'été, déjà payée : 1 234,50 €", "Efficient office — “fi”")
    ):
        for column, font in enumerate(("LiberationSans-Regular", "DejaVuSerif", "Carlito-Regular")):
            sheet.text(20, 20 + 30 * number + 10 * column, line, font=font, size=11)

    with caplog.at_level(logging.WARNING), pypdfium2.PdfDocument(sheets_to_pdf([sheet])) as pdf:
        layer = pdf[0].get_textpage().get_text_bounded()

    assert spoken(layer) == spoken(sheet.true_text)
    assert not caplog.records


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "group4"])
def test_tiff_holds_every_page(compression: str) -> None:
    pages = [Image.new("RGB", (60, 80 + number), "white") for number in range(3)]

    with Image.open(io.BytesIO(files.write_tiff(pages, compression=compression))) as image:
        assert getattr(image, "n_frames", 1) == 3
        assert image.info["compression"] == compression


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_reader_that_heeds_exif_sees_the_photo_upright(orientation: int) -> None:
    photo = Image.new("RGB", (40, 20), "white")
    photo.paste((0, 0, 0), (0, 0, 10, 10))

    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(files.write_jpeg(photo, orientation=orientation))))

    assert upright.size == (40, 20)
    assert (np.asarray(upright.convert("L"))[[4, 15], [4, 35]] > 128).tolist() == [False, True]
