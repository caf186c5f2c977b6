"""Read lines of text that were found, with PP-OCRv6's recognition model, and tell whether they stand on their heads."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from sake_ray.data.ocr.line_detection import Quad
from sake_ray.domain.datatypes import Pixels

HEIGHT = 48  # pixels of a line that the models were trained on
MIN_WIDTH, MAX_WIDTH = 64, 3200
"""PaddleOCR pads short lines to 320: that reads no better, and a page of them takes half as long again."""
BATCH_WIDTH = 3200
"""Lines are read together up to this width in all, and as the widest of them: so little of a batch is padding."""
DIRECTION_WIDTH = 192
DIRECTION_LINES = 16
"""The longest lines tell which way up a page is; more say the same."""
BLANK = 0


@dataclass(frozen=True, slots=True)
class LineWord:
    """A word of a line: its text, where on the line it begins and ends (0–1), and how sure the model is (0–1)."""

    text: str
    start: float
    end: float
    sureness: float


class LineRecognizer:
    """The recognition model in a session of onnxruntime."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._input = session.get_inputs()[0].name
        letters = session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._letters = ("", *letters, " ")

    def read(self, lines: Sequence[Pixels], *, check: Callable[[], None]) -> list[list[LineWord]]:
        """Read line images of any height into their words; `check` is called before each batch, and may raise."""
        words: list[list[LineWord]] = [[] for _ in lines]
        widths = [_width_of(line) for line in lines]
        for batch in _batches(widths):
            check()
            width = max(MIN_WIDTH, widths[batch[-1]])
            tensor = np.zeros((len(batch), 3, HEIGHT, width), np.float32)
            for row, index in enumerate(batch):
                tensor[row, :, :, : widths[index]] = _to_tensor(lines[index], widths[index])
            answers = self._session.run(None, {self._input: tensor})[0]
            for answer, index in zip(answers, batch, strict=True):
                words[index] = list(self._decode(answer, widths[index] / width))
        return words

    def _decode(self, answer: NDArray[np.float32], share: float) -> Iterator[LineWord]:
        """Decode the columns of the answer, of which only a share shows the line; the rest is padding."""
        best = answer.argmax(axis=1)
        found = (best != BLANK) & np.concatenate([[True], best[1:] != best[:-1]])
        columns = np.flatnonzero(found)
        letters = [self._letters[best[column]] for column in columns]
        shown = max(1.0, len(best) * share)
        for begin, end in split_words(letters):
            sureness = float(np.mean([answer[column, best[column]] for column in columns[begin:end]]))
            start, stop = (columns[begin] - 0.5) / shown, (columns[end - 1] + 1.5) / shown
            yield LineWord("".join(letters[begin:end]), max(0.0, start), min(1.0, stop), sureness)


def split_words(letters: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Split a line at its spaces, as (first letter, letter behind the last one)."""
    begin = 0
    for index, letter in enumerate([*letters, " "]):
        if letter.isspace():
            if index > begin:
                yield begin, index
            begin = index + 1


class DirectionClassifier:
    """The model that tells lines that stand from lines that hang, in a session of onnxruntime."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._input = session.get_inputs()[0].name

    def is_upside_down(self, lines: Sequence[Pixels]) -> bool:
        """Return whether most of the longest lines hang, by the beginning of each."""
        longest = sorted(lines, key=lambda line: line.shape[1] / line.shape[0])[-DIRECTION_LINES:]
        if not longest:
            return False
        tensor = np.zeros((len(longest), 3, HEIGHT, DIRECTION_WIDTH), np.float32)
        for row, line in enumerate(longest):
            # A whole line would have to be squeezed, which the model was not trained on: on long lines it then guesses.
            beginning = line[:, : line.shape[0] * DIRECTION_WIDTH // HEIGHT]
            width = min(DIRECTION_WIDTH, _width_of(beginning))
            tensor[row, :, :, :width] = _to_tensor(beginning, width)
        answers = self._session.run(None, {self._input: tensor})[0]
        return bool(answers[:, 1].sum() > answers[:, 0].sum())


def cut_line(image: Pixels, quad: Quad) -> Pixels:
    """Cut a line out of an RGB image, level."""
    width = max(1, round(float(np.linalg.norm(quad[1] - quad[0]))))
    height = max(1, round(float(np.linalg.norm(quad[3] - quad[0]))))
    target = np.array([[0, 0], [width, 0], [0, height]], np.float32)
    matrix = cv2.getAffineTransform(quad[[0, 1, 3]], target)
    cut = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, np.uint8)


def _width_of(line: Pixels) -> int:
    return max(1, min(MAX_WIDTH, int(np.ceil(HEIGHT * line.shape[1] / line.shape[0]))))


def _to_tensor(line: Pixels, width: int) -> NDArray[np.float32]:
    resized = cv2.resize(line, (width, HEIGHT))
    return np.asarray((resized.astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1))


def _batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """Group the lines, the narrow ones first."""
    batch: list[int] = []
    for index in sorted(range(len(widths)), key=lambda index: widths[index]):
        if batch and (len(batch) + 1) * max(MIN_WIDTH, widths[index]) > BATCH_WIDTH:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
