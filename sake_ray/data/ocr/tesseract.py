"""Call Tesseract, as a program (pytesseract) or as a library (tesserocr)."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from sake_ray.data.ocr.engines import RecognizedWord, run_within
from sake_ray.data.ocr.tessdata import find_tessdata
from sake_ray.domain.datatypes import Pixels
from sake_ray.errors import ReadingCrashed, ReadingTimeout, SetupError

AUTOMATIC, SPARSE = 3, 11
"""Tesseract's page segmentation modes: columns and paragraphs, or any text anywhere."""
DPI = 200  # given to both, so that neither guesses: the guess changes what counts as a speck


def open_tesseract(name: str, *, languages: str, tessdata: str | None = None) -> "PytesseractEngine | TesserocrEngine":
    """Open Tesseract; `tessdata` is the folder of the language models, by default Tesseract's own.

    Where the wheel of tesserocr does not fit the machine, pytesseract reads instead: the same words, a little slower.
    """
    folder = tessdata or find_tessdata()
    for language in languages.split("+"):
        if not (Path(folder) / f"{language}.traineddata").is_file():
            raise SetupError("ocr-language-missing", language=language, folder=folder)
    if name == "tesserocr":
        try:
            return TesserocrEngine(languages, folder)
        except ImportError:
            name = "pytesseract"
    if name == "pytesseract":
        return PytesseractEngine(languages, folder)
    raise SetupError("ocr-engine-unknown", engine=name)


class PytesseractEngine:
    """The tesseract program, one process a call, through pytesseract."""

    name = "pytesseract"

    def __init__(self, languages: str, tessdata: str) -> None:
        import pytesseract

        self._pytesseract = pytesseract
        self._languages = languages
        self._config = f"--dpi {DPI} --oem 1 --tessdata-dir {tessdata}"
        self.version = str(pytesseract.get_tesseract_version())
        # libgomp reads it when a process starts: without it four threads fight over one page, 5 to 50 times slower.
        os.environ["OMP_THREAD_LIMIT"] = "1"

    def read(self, grey: Pixels, *, segmentation: int, seconds: float) -> tuple[RecognizedWord, ...]:
        """Pass the image as an uncompressed file: compressing a PNG costs 0.2 s a page."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "page.pgm"
            cv2.imwrite(str(path), grey)
            rows = run_within(seconds, lambda wall: self._recognize(path, segmentation, wall))
        return tuple(_rows_to_words(rows))

    def _recognize(self, path: Path, segmentation: int, seconds: float) -> dict[str, list[str]]:
        try:
            rows: dict[str, list[str]] = self._pytesseract.image_to_data(
                str(path),
                lang=self._languages,
                config=f"--psm {segmentation} {self._config}",
                output_type=self._pytesseract.Output.DICT,
                timeout=seconds,
            )
        except self._pytesseract.TesseractError as error:
            raise ReadingCrashed("page-crashed-tesseract") from error
        except RuntimeError as error:  # what pytesseract raises when its time is over
            raise ReadingTimeout("ocr-timeout") from error
        return rows


def _rows_to_words(rows: dict[str, list[str]]) -> Iterator[RecognizedWord]:
    places: dict[tuple[str, str, str], int] = {}
    for index, text in enumerate(rows["text"]):
        confidence = float(rows["conf"][index])
        if confidence < 0 or not text.strip():
            continue
        place = (rows["block_num"][index], rows["par_num"][index], rows["line_num"][index])
        left, top = int(rows["left"][index]), int(rows["top"][index])
        right, bottom = left + int(rows["width"][index]), top + int(rows["height"][index])
        yield RecognizedWord(text.strip(), left, top, right, bottom, confidence, places.setdefault(place, len(places)))


class TesserocrEngine:
    """Tesseract inside this process, its model loaded once; it can only be stopped with its process."""

    name = "tesserocr"

    def __init__(self, languages: str, tessdata: str) -> None:
        import tesserocr

        self._tesserocr = tesserocr
        self._api = tesserocr.PyTessBaseAPI(path=tessdata, lang=languages, oem=tesserocr.OEM.LSTM_ONLY)
        self.version = str(tesserocr.tesseract_version().split()[1])

    def read(self, grey: Pixels, *, segmentation: int, seconds: float) -> tuple[RecognizedWord, ...]:
        """Read with the engine's own time limit; the parent of the reader process ends it when that fails."""
        api = self._api
        api.SetPageSegMode(segmentation)
        height, width = grey.shape
        api.SetImageBytes(np.ascontiguousarray(grey).tobytes(), width, height, 1, width)
        api.SetSourceResolution(DPI)

        def recognize(wall: float) -> None:
            if not api.Recognize(int(wall * 1000)):
                raise ReadingTimeout("ocr-timeout")

        run_within(seconds, recognize)
        words = tuple(self._words())
        api.Clear()
        return words

    def _words(self) -> Iterator[RecognizedWord]:
        level = self._tesserocr.RIL
        iterator = self._api.GetIterator()
        if iterator is None:
            return
        line = -1
        for word in self._tesserocr.iterate_level(iterator, level.WORD):
            if word.IsAtBeginningOf(level.TEXTLINE):
                line += 1
            try:
                text, box = word.GetUTF8Text(level.WORD), word.BoundingBox(level.WORD)
            except RuntimeError:  # an empty line
                continue
            if box and text.strip():
                left, top, right, bottom = box
                yield RecognizedWord(text.strip(), left, top, right, bottom, word.Confidence(level.WORD), max(line, 0))
