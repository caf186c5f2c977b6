"""Reading a document: text layer or OCR, turned upright, within limits, whatever happens to the child."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from difflib import SequenceMatcher
from io import BytesIO
from pathlib import Path

import psutil
import pytest
from PIL import Image

from sake_ray.data.reading import Reader, ReadingOptions, read_document
from sake_ray.data.text_cache import fetch_pages, image_key, text_key, thumbnail_key
from sake_ray.domain.limits import Limits
from sake_ray.domain.texts import Box, DocumentText, ReadingSource, Word, WordSource, combine_sources
from sake_ray.errors import (
    MemoryExceeded,
    ReadingCrashed,
    ReadingTimeout,
    SakeError,
    SetupError,
    TooManyPages,
    TooManyPixels,
)
from sake_ray.storage.objects import FolderStore
from sake_ray.synthetic.sheet import Sheet, sheets_to_pdf
from tests.pages import LINES, letter, png
from tests.waiting import has_ended, wait_until

ALL_WORDS = " ".join(LINES).split()


def likeness(text: DocumentText, words: list[str] = ALL_WORDS) -> float:
    return SequenceMatcher(None, [word.text for word in text.words], words).ratio()


def place_of(text: DocumentText, word: str) -> Box:
    return next(found.box for found in text.words if found.text == word)


def test_scan_gives_its_words_in_reading_order(reader: Reader) -> None:
    text = reader.read(png(letter().render(200)))
    assert likeness(text) > 0.95
    assert text.pages[0].source is WordSource.OCR
    assert text.ocr_confidence is not None
    assert text.ocr_confidence > 80
    assert text.language == "en"


def test_text_layer_is_taken_without_ocr(reader: Reader) -> None:
    text = reader.read(sheets_to_pdf([letter(), letter()]))
    assert [page.source for page in text.pages] == [WordSource.TEXT_LAYER] * 2
    assert [word.text for word in text.words] == ALL_WORDS * 2
    assert text.ocr_confidence is None


def test_a_pdf_and_a_scan_have_a_preview(reader: Reader) -> None:
    for data in (sheets_to_pdf([letter()]), png(letter().render(80))):
        assert reader.preview(data).startswith(b"\xff\xd8")


def test_boxes_of_text_layer_and_ocr_agree(reader: Reader) -> None:
    layer, ocr = reader.read(sheets_to_pdf([letter()])), reader.read(png(letter().render(200)))
    for word in ("workshop", "Monday", "accounting"):
        one, other = place_of(layer, word), place_of(ocr, word)
        for side in ("left", "top", "right", "bottom"):
            assert getattr(one, side) == pytest.approx(getattr(other, side), abs=0.012)


@pytest.mark.parametrize("angle", [90, 180, 270, 8, -25])
def test_turned_page_is_stored_upright_with_boxes_on_it(reader: Reader, angle: int) -> None:
    images: list[bytes] = []
    turned = letter().render(150).rotate(angle, expand=True, fillcolor="white")
    text = reader.read(png(turned), on_page_read=lambda *kept: images.append(kept[1]))
    assert likeness(text) > 0.9
    page = text.pages[0]
    with Image.open(BytesIO(images[0])) as upright:
        assert upright.size == (page.width, page.height)
        box = place_of(text, "wooden")
        sides = (box.left * page.width, box.top * page.height, box.right * page.width, box.bottom * page.height)
        cut = upright.convert("L").crop(tuple(map(round, sides)))
    assert cut.width > 2 * cut.height  # a level word, not one that stands
    assert cut.getextrema()[0] < 100  # with ink in it


def test_stamp_over_a_scan_does_not_pass_for_the_page(reader: Reader) -> None:
    sheet = Sheet()
    sheet.picture(0, 0, 210, 297, letter().render(200))
    sheet.text(60, 250, "RECEIVED 12 MARCH BY THE POST ROOM OF THE HEAD OFFICE", font="LiberationSans-Bold", size=9)
    text = reader.read(sheets_to_pdf([sheet]))
    assert text.pages[0].source is WordSource.OCR
    assert {"workshop", "Transport", "RECEIVED"} <= {word.text for word in text.words}


def test_small_card_photo_is_enlarged_and_read(reader: Reader) -> None:
    card = Sheet(85.6, 54, paper=(225, 235, 245))
    for number, line in enumerate(
        ("IDENTITY CARD", "Surname MARTIN", "Given names CLAIRE", "Nationality FRENCH", "Born 04 05 1988")
    ):
        card.text(30, 6 + 9 * number, line, font="LiberationSans-Bold", size=8)
    text = reader.read(png(card.render(120)))
    assert {"IDENTITY", "MARTIN", "Nationality"} <= {word.text for word in text.words}


def test_both_engines_read_the_same_words(reader: Reader) -> None:
    scan = png(letter().render(200))
    with Reader(ReadingOptions(engine="pytesseract")) as other:
        one, two = reader.read(scan), other.read(scan)
    assert (one.recipe.engine, two.recipe.engine) == ("tesserocr+rapidocr", "pytesseract+rapidocr")
    assert [word.text for word in one.words] == [word.text for word in two.words]
    for a, b in zip(one.words, two.words, strict=True):
        assert a.line == b.line
        assert a.box.left == pytest.approx(b.box.left, abs=0.005)


@pytest.mark.parametrize(
    ("limits", "data", "error", "figure"),
    [
        (Limits(max_pages=2), lambda: sheets_to_pdf([letter()] * 3), TooManyPages, "3 pages; the limit is 2"),
        (Limits(max_pixels=1_000_000), lambda: png(letter().render(150)), TooManyPixels, "2 megapixels"),
        (Limits(page_seconds=0.05), lambda: png(letter().render(200)), ReadingTimeout, "0.05 seconds"),
        (Limits(document_seconds=0.1), lambda: png(letter().render(200)), ReadingTimeout, "0.1 seconds a document"),
    ],
)
def test_each_limit_is_named_with_its_figure(limits: Limits, data: object, error: type[SakeError], figure: str) -> None:
    with Reader(ReadingOptions(limits=limits)) as reader, pytest.raises(error, match=figure):
        reader.read(data())  # type: ignore[operator]


def test_decoding_beyond_the_memory_limit_is_refused_and_the_next_document_read() -> None:
    with Reader(ReadingOptions(limits=Limits(max_pixels=900_000_000, memory_mb=1024))) as reader:
        buffer = BytesIO()
        Image.new("RGB", (25_000, 16_000), "white").save(buffer, "PNG", compress_level=1)
        with pytest.raises(MemoryExceeded, match="1024 MB"):
            reader.read(buffer.getvalue())
        assert likeness(reader.read(png(letter().render(200)))) > 0.95


def test_large_jpeg_is_scaled_down_while_decoding() -> None:
    buffer = BytesIO()
    letter(size=15).render(300).save(buffer, "JPEG", quality=90)
    with Reader(ReadingOptions(limits=Limits(max_pixels=4_000_000))) as reader:
        text = reader.read(buffer.getvalue())
    assert likeness(text) > 0.9


def child_of(reader: Reader) -> psutil.Process:
    return next(child for child in psutil.Process().children() if child.pid == reader._process._process.pid)  # type: ignore[union-attr]


def test_document_whose_child_is_killed_is_read_again() -> None:
    with Reader(ReadingOptions()) as reader:
        _ = reader.recipe
        victim = child_of(reader)
        threading.Timer(0.4, victim.kill).start()
        text = reader.read(png(letter().render(300)))
        assert likeness(text) > 0.95
        assert has_ended(victim)


def test_document_that_kills_every_child_is_given_up() -> None:
    stop = threading.Event()
    kills = 0
    with Reader(ReadingOptions(engine="pytesseract")) as reader:  # whose program shows that a page is being read
        _ = reader.recipe

        def kill_whoever_works() -> None:
            nonlocal kills
            while not stop.is_set():
                for child in psutil.Process().children():
                    with suppress(psutil.Error):
                        if any("page.pgm" in " ".join(tesseract.cmdline()) for tesseract in child.children()):
                            child.kill()
                            kills += 1
                time.sleep(0.02)

        thread = threading.Thread(target=kill_whoever_works)
        thread.start()
        try:
            with pytest.raises(ReadingCrashed, match="3 times"):
                reader.read(png(letter().render(300)))
        finally:
            stop.set()
            thread.join()
        assert kills >= 3
        assert likeness(reader.read(png(letter().render(200)))) > 0.95


def test_child_and_tesseract_end_with_a_killed_parent(tmp_path: Path) -> None:
    scan = tmp_path / "scan.png"
    scan.write_bytes(png(letter(LINES * 3).render(300)))
    program = (
        "import sys\nfrom pathlib import Path\nfrom sake_ray.data.reading import Reader, ReadingOptions\n"
        "reader = Reader(ReadingOptions(engine='pytesseract')); print(reader.recipe.name, flush=True)\n"
        "while True: reader.read(Path(sys.argv[1]).read_bytes())\n"
    )
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    parent = subprocess.Popen([sys.executable, "-c", program, str(scan)], stdout=subprocess.PIPE, env=environment)
    assert parent.stdout is not None
    parent.stdout.readline()
    started = psutil.Process(parent.pid)
    wait_until(lambda: len(started.children(recursive=True)) >= 2, process=parent)  # the reader's process and Tesseract
    family = started.children(recursive=True)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert not psutil.wait_procs(family, timeout=120)[1]
    (left,) = tmp_path.glob("sake-reader-*")
    assert not list(left.iterdir())


def test_same_bytes_are_read_once(reader: Reader, tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    scan = png(letter().render(200))
    first = read_document(scan, reader=reader, store=store)
    before = reader._process.documents  # type: ignore[union-attr]
    assert read_document(scan, reader=reader, store=store) == first
    assert reader._process.documents == before  # type: ignore[union-attr]
    for key in (image_key, thumbnail_key):
        with Image.open(BytesIO(store.get(key(first.sha256, first.recipe, 1)))) as image:
            assert image.format == "JPEG"


def test_another_teams_reading_does_not_spare_a_team_its_own(reader: Reader, tmp_path: Path) -> None:
    """Otherwise the time would tell it that another team has the same document."""
    store = FolderStore(tmp_path)
    scan = png(letter().render(100))
    readings = []
    for team in ("alpha", "beta", "alpha", "beta", ""):
        before = reader._process.documents  # type: ignore[union-attr]
        read_document(scan, reader=reader, store=store, team=team)
        readings.append(reader._process.documents - before)  # type: ignore[union-attr]
    assert readings == [1, 1, 0, 0, 0]


def test_bytes_read_for_nobody_are_read_again_for_a_team(reader: Reader, tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    scan = png(letter().render(100))
    first = read_document(scan, reader=reader, store=store)
    before = reader._process.documents  # type: ignore[union-attr]
    assert read_document(scan, reader=reader, store=store, team="alpha") == first
    assert reader._process.documents == before + 1  # type: ignore[union-attr]


def test_damaged_cache_entry_is_read_anew(reader: Reader, tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    scan = png(letter().render(200))
    first = read_document(scan, reader=reader, store=store)
    key = text_key(first.sha256, first.recipe)
    whole = store.get(key)
    scratched = whole[:40] + bytes(byte ^ 0xFF for byte in whole[40:60]) + whole[60:]
    for damaged in (b"", b"\x1f\x8b half an entry", whole[:-9], scratched, bytes(len(whole))):
        store.put(key, damaged)
        assert read_document(scan, reader=reader, store=store) == first
    assert fetch_pages(store, first.sha256, first.recipe)


def test_token_keeps_the_index_of_its_source_word(reader: Reader) -> None:
    text = reader.read(sheets_to_pdf([letter(), letter()]))
    words: tuple[Word, ...] = text.words
    token = next(token for token in text.tokens if token.text == "workshop" and token.word > len(LINES) * 3)
    assert words[token.word].text == "workshop"


def test_missing_language_is_named_before_anything_is_read() -> None:
    with Reader(ReadingOptions(languages="fra+xxx")) as reader, pytest.raises(SetupError, match="'xxx'"):
        _ = reader.recipe


def test_each_page_is_told_with_what_it_was_read_by(reader: Reader, tmp_path: Path) -> None:
    told: list[ReadingSource] = []

    def note(source: ReadingSource, seconds: float) -> None:
        assert seconds >= 0
        told.append(source)

    blank = png(Image.new("RGB", (1200, 1700), "white"))
    for data in (sheets_to_pdf([letter(), letter()]), png(letter().render(200)), blank):
        reader.read(data, on_page_measured=note)
    assert told == [*[ReadingSource.TEXT_LAYER] * 2, ReadingSource.TESSERACT, ReadingSource.BLANK]
    told.clear()
    for _ in range(2):
        read_document(blank, reader=reader, store=FolderStore(tmp_path), on_page_measured=note)
    assert told == [ReadingSource.BLANK, ReadingSource.CACHE]


def test_what_is_dearest_of_a_document_counts() -> None:
    layer, tesseract, neural = ReadingSource.TEXT_LAYER, ReadingSource.TESSERACT, ReadingSource.NEURAL
    assert combine_sources([layer, neural, tesseract]) is neural
    assert combine_sources([layer, tesseract]) is tesseract
    assert combine_sources([ReadingSource.BLANK, layer]) is layer
    assert combine_sources([]) is ReadingSource.NONE
