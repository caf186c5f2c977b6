"""How much does each step of reading gain? Word errors by defect on generated pages, confident words by label on scans.

    .venv/bin/python -m bench.ocr_quality [--pages 3] [--scans FOLDER/<label>/...] [--only DEFECT,…] [--variants NAME,…]

and what does it cost, in CPU seconds a page? "Tesseract" is the plan without the neural reader, "both" the plan with it.
A step is kept when it gains on some kind of page and costs little on the rest. The pages are frozen by their seed; nothing is
tuned to one file.
Word errors are counted without their order (position-independent error rate, Tillmann et al. 1997), since columns may be
read in any: (the larger number of words - the words found in both) / the true words.
"""

import argparse
import os
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

os.environ["OMP_THREAD_LIMIT"] = "1"

import cv2
import numpy as np

from sake_ray.data.ocr.attempts import ALL_STEPS, ReadingSteps
from sake_ray.data.ocr.engines import measure_own_cpu
from sake_ray.data.ocr.neural import RapidocrEngine
from sake_ray.data.ocr.opening import NONE, OcrEngines, open_engines
from sake_ray.data.ocr.strategy import read_page_image
from sake_ray.data.pages.images import decode_images
from sake_ray.data.pages.media import PDF, detect_media_type
from sake_ray.data.pages.pdf.document import OCR_DPI, OCR_LONG_SIDE, open_pdf
from sake_ray.domain.datatypes import Pixels
from sake_ray.domain.limits import Limits
from sake_ray.synthetic.defects import DEFECTS, photograph_card
from sake_ray.synthetic.generate import LABELS, MAKERS

SEED = 11
SECOND = RapidocrEngine.name
Prepare = Callable[[Pixels], Pixels]


def as_it_is(image: Pixels) -> Pixels:
    return image


def clahe(image: Pixels) -> Pixels:
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    return cv2.cvtColor(cv2.createCLAHE(2.0, (8, 8)).apply(grey), cv2.COLOR_GRAY2RGB)


def binarised(image: Pixels) -> Pixels:
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    return cv2.cvtColor(cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1], cv2.COLOR_GRAY2RGB)


def evenly_lit(image: Pixels) -> Pixels:
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    paper = cv2.medianBlur(cv2.dilate(grey, np.ones((15, 15), np.uint8)), 31)
    return cv2.cvtColor(cv2.divide(grey, paper, scale=255), cv2.COLOR_GRAY2RGB)


def without_noise(image: Pixels) -> Pixels:
    return cv2.medianBlur(image, 3)


def sharpened(image: Pixels) -> Pixels:
    return cv2.addWeighted(image, 1.6, cv2.GaussianBlur(image, (0, 0), 2), -0.6, 0)


@dataclass(frozen=True)
class Variant:
    """A way to read: the engines, the steps beyond a plain reading, and what is done to the picture before."""

    plain: str = "tesserocr"
    second: str = NONE
    steps: ReadingSteps = ALL_STEPS
    prepare: Prepare = as_it_is


VARIANTS = {
    "one pass": Variant(steps=ReadingSteps(False, False, False, False, False)),
    "+enlarge": Variant(steps=ReadingSteps(True, False, False, False, False)),
    "+deskew": Variant(steps=ReadingSteps(True, True, False, False, False)),
    "+sparse": Variant(steps=ReadingSteps(True, True, True, False, False)),
    "+rotate": Variant(steps=ReadingSteps(True, True, True, True, False)),
    "Tesseract": Variant(),
    "both": Variant(second=SECOND),
    "neural": Variant(plain=NONE, second=SECOND),
    "both+clahe": Variant(second=SECOND, prepare=clahe),
    "both+binarise": Variant(second=SECOND, prepare=binarised),
    "both+even light": Variant(second=SECOND, prepare=evenly_lit),
    "both+median": Variant(second=SECOND, prepare=without_noise),
    "both+sharpen": Variant(second=SECOND, prepare=sharpened),
}
DEFAULT = "one pass,Tesseract,both,neural"


def draw_page(defect: str, number: int) -> tuple[Pixels, str]:
    """Page `number` with that defect, and its true text; the labels in turn."""
    chance = random.Random(f"{SEED} {defect} {number}")
    while True:
        drawing = chance.choice(MAKERS[LABELS[number % len(LABELS)]])(chance, "fr" if number % 2 else "en")
        if drawing.card == (defect == "photograph_card"):
            break
        if defect == "photograph_card" or number % len(LABELS) == 1:
            number += 1  # few identity documents are paper, and no invoice is a card
    sheet = drawing.sheets[0]
    image = np.asarray(sheet.render(200 if not drawing.card else 300))
    rng = np.random.default_rng(chance.getrandbits(32))
    worn = photograph_card([image], rng) if drawing.card else DEFECTS[defect](image, rng)
    return worn, sheet.true_text


def scans_of(folder: Path) -> Iterator[tuple[str, Pixels]]:
    """The first page of every scan as a picture, with its label."""
    for path in sorted(folder.glob("*/*")):
        data = path.read_bytes()
        media_type = detect_media_type(data)
        if media_type == PDF:
            for _, page in open_pdf(data, limits=Limits()):
                yield path.parent.name, page.render(dpi=OCR_DPI, long_side=OCR_LONG_SIDE)
                break
        else:
            yield path.parent.name, next(iter(decode_images(data, media_type, limits=Limits())))[1]


def error_rate(truth: str, read: str) -> float:
    true_words, read_words = Counter(truth.split()), Counter(read.split())
    total = sum(true_words.values())
    return min(1.0, (max(total, sum(read_words.values())) - sum((true_words & read_words).values())) / max(1, total))


@cache
def engines_of(plain: str, second: str) -> OcrEngines:
    """Open engines once in each process, and have them load what they load at their first page."""
    engines = open_engines(plain, second, languages="fra+eng")
    if engines.second:
        engines.second.read(np.full((100, 100), 255, np.uint8), segmentation=0, seconds=60)
    return engines


@cache
def draw_page_once(defect: str, number: int) -> tuple[Pixels, str]:
    return draw_page(defect, number)


def measure(task: tuple[str, str, int, str]) -> tuple[str, str, float, float]:
    """Read one page by one variant: (variant, group, error rate or sure words, CPU seconds)."""
    name, kind, number, folder = task
    cv2.setNumThreads(1)
    variant = VARIANTS[name]
    engines = engines_of(variant.plain, variant.second)
    truth: str | None = None
    if kind == "scan":
        group, image = list(scans_of(Path(folder)))[number]
    else:
        group, (image, truth) = kind, draw_page_once(kind, number)
    prepared = variant.prepare(image)
    started = measure_own_cpu()
    words = read_page_image(prepared, engines, seconds=60, steps=variant.steps).words
    seconds = measure_own_cpu() - started
    if truth is None:
        sure = sum(word.confidence >= 60 and sum(map(str.isalnum, word.text)) >= 3 for word in words)
        return name, f"scans: {group}", float(sure), seconds
    return name, group, error_rate(truth, " ".join(word.text for word in words)), seconds


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=3)
    parser.add_argument("--scans", default="")
    parser.add_argument("--only", default="")
    parser.add_argument("--variants", default=DEFAULT, help=", ".join(VARIANTS))
    options = parser.parse_args()
    variants = options.variants.split(",")
    defects = options.only.split(",") if options.only else [*DEFECTS, "photograph_card"]
    scans = len(list(scans_of(Path(options.scans)))) if options.scans else 0
    tasks = [(v, d, n, "") for d in defects for n in range(options.pages) for v in variants]
    tasks += [(v, "scan", n, options.scans) for n in range(scans) for v in variants]
    found: dict[str, dict[str, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))
    # Not forked: whoever calls this may have threads of onnxruntime, whose locks a fork would keep for ever.
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for variant, group, value, seconds in pool.map(measure, tasks, chunksize=len(variants)):
            found[group][variant].append((value, seconds))
    print(
        "Word errors in %, lower is better; for scans the mean number of sure words, higher is better. Then CPU seconds a page."
    )
    print(f"{'':20}" + "".join(f"{variant:>20}" for variant in variants))
    for group, values in found.items():
        print_row(group, [values[variant] for variant in variants], percent=not group.startswith("scans"))
    generated = [group for group in found if not group.startswith("scans")]
    together = [[pair for group in generated for pair in found[group][variant]] for variant in variants]
    if generated:
        print_row("all generated", together, percent=True)


def print_row(group: str, columns: Sequence[Sequence[tuple[float, float]]], *, percent: bool) -> None:
    means = [np.mean(column, axis=0) for column in columns]
    print(
        f"{group:20}" + "".join(f"{value * (100 if percent else 1):12.1f}{seconds:6.2f} s" for value, seconds in means)
    )


if __name__ == "__main__":
    main()
