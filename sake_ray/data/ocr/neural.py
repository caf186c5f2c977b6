"""Read words with the neural models that rapidocr's wheel holds (PP-OCRv6 small): photographs of cards, pale receipts.

Only the models are taken from the wheel, and onnxruntime runs them. To import rapidocr itself costs 1.8 s of CPU and 25 MB, most
of it for a list of models that it would download; here nothing can be downloaded, and opening costs 0.3 s.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from sake_ray.data.ocr.confidences import to_common_scale
from sake_ray.data.ocr.engines import RecognizedWord, measure_own_cpu
from sake_ray.data.ocr.line_detection import LineDetector, Quad, group_rows
from sake_ray.data.ocr.line_recognition import DirectionClassifier, LineRecognizer, LineWord, cut_line
from sake_ray.domain.datatypes import Pixels
from sake_ray.errors import ReadingCrashed, ReadingTimeout

DETECTION, RECOGNITION = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
DIRECTION = "ch_ppocr_mobile_v2.0_cls_mobile.onnx"
SILENT = 4  # onnxruntime's log level: fatal errors only


@dataclass(frozen=True, slots=True)
class FoundLines:
    """The lines of an image, cut out level, and the degrees to rotate the image counter-clockwise to have it upright."""

    quads: tuple[Quad, ...]
    images: tuple[Pixels, ...]
    angle: float


@dataclass(frozen=True, slots=True)
class NeuralModels:
    """The three models, loaded."""

    detector: LineDetector
    classifier: DirectionClassifier
    recognizer: LineRecognizer


class RapidocrEngine:
    """PP-OCRv6 inside this process, on one thread; its models are loaded when the first page needs them."""

    name = "rapidocr"

    def __init__(self) -> None:
        """Find the wheels; raises ImportError where one is missing or does not fit the machine."""
        # The locked version cannot send usage data to its maker. A later one must be told before it is loaded.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime

        package = find_spec("rapidocr")
        if package is None or package.origin is None:
            raise ImportError("rapidocr is not installed")
        self._onnxruntime = onnxruntime
        self._folder = Path(package.origin).parent / "models"
        self._models: NeuralModels | None = None
        self.version = version("rapidocr")

    def read(self, grey: Pixels, *, segmentation: int, seconds: float) -> tuple[RecognizedWord, ...]:  # noqa: ARG002
        """Read an upright image; `segmentation` is Tesseract's matter."""
        started = measure_own_cpu()
        found = self.find_lines(grey)
        return self.read_lines(found, seconds=seconds - (measure_own_cpu() - started))

    def find_lines(self, grey: Pixels) -> FoundLines:
        """Find the lines, whichever way they run; raises ReadingCrashed. On a large page this takes about a second."""
        try:
            models = self._load()
            image = np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8)
            lines = models.detector.find(image)
            cuts = tuple(cut_line(image, quad) for quad in lines.quads)
            hanging = models.classifier.is_upside_down(cuts)
        except self._failures() as error:
            raise ReadingCrashed("page-crashed-neural") from error
        return FoundLines(lines.quads, cuts, (lines.slope + 180 * hanging) % 360)

    def read_lines(self, found: FoundLines, *, seconds: float) -> tuple[RecognizedWord, ...]:
        """Read lines that stand upright; raises ReadingTimeout after so many CPU seconds, and ReadingCrashed."""
        end = measure_own_cpu() + seconds

        def check() -> None:
            if measure_own_cpu() > end:
                raise ReadingTimeout("ocr-timeout")

        try:
            words = self._load().recognizer.read(found.images, check=check)
        except self._failures() as error:
            raise ReadingCrashed("page-crashed-neural") from error
        return tuple(_place_words(found.quads, words))

    def _load(self) -> NeuralModels:
        if self._models is None:
            self._models = NeuralModels(
                LineDetector(self._open(DETECTION)),
                DirectionClassifier(self._open(DIRECTION)),
                LineRecognizer(self._open(RECOGNITION)),
            )
        return self._models

    def _open(self, model: str) -> Any:
        options = self._onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # else each reader takes all CPUs
        options.enable_cpu_mem_arena = False  # it would keep the memory of the largest page
        options.log_severity_level = SILENT
        return self._onnxruntime.InferenceSession(
            str(self._folder / model), options, providers=["CPUExecutionProvider"]
        )

    def _failures(self) -> tuple[type[Exception], ...]:
        """List what a session raises when memory runs out or a model is damaged."""
        state = self._onnxruntime.capi.onnxruntime_pybind11_state
        return (MemoryError, cv2.error, state.Fail, state.RuntimeException, state.InvalidProtobuf, state.NoSuchFile)


def _place_words(quads: Sequence[Quad], words: Sequence[Sequence[LineWord]]) -> Iterator[RecognizedWord]:
    """Give each word its box on the page and its line, from top to bottom and from left to right."""
    for line, row in enumerate(group_rows(quads)):
        for index in row:
            for word in words[index]:
                corners = _part_of(quads[index], word.start, word.end)
                left, top = np.floor(corners.min(axis=0)).astype(int)
                right, bottom = np.ceil(corners.max(axis=0)).astype(int)
                sureness = to_common_scale(word.sureness)
                yield RecognizedWord(word.text, int(left), int(top), int(right), int(bottom), sureness, line)


def _part_of(quad: Quad, start: float, end: float) -> Quad:
    """Cut the part of a line from one share of its length to another, as corners."""
    along = quad[1] - quad[0]
    return np.array([corner + share * along for corner in (quad[0], quad[3]) for share in (start, end)])
