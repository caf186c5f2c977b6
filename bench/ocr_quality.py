"""How much does each step of reading gain? Word errors by defect on generated pages, confident words by label on scans.

    .venv/bin/python bench/ocr_quality.py [--pages 3] [--engine tesserocr] [--scans FOLDER/<label>/...] [--only DEFECT,…]

A step is kept when it gains on either and loses on none. The pages are frozen by their seed; nothing is tuned to one file.
Word errors are counted without their order (position-independent error rate, Tillmann et al. 1997), since columns may be
read in any: (the larger number of words - the words found in both) / the true words.
"""

import argparse
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

os.environ["OMP_THREAD_LIMIT"] = "1"

import cv2
import numpy as np

from sake_ray.data.ocr.strategy import ALL_STEPS, ReadingSteps, read_page_image
from sake_ray.data.pages.images import decode_images
from sake_ray.data.pages.media import PDF, detect_media_type
from sake_ray.data.pages.pdf.document import OCR_DPI, OCR_LONG_SIDE, open_pdf
from sake_ray.domain.datatypes import Pixels
from sake_ray.domain.limits import Limits
from sake_ray.synthetic.defects import DEFECTS, photograph_card
from sake_ray.synthetic.generate import LABELS, MAKERS

SEED = 11
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


VARIANTS: dict[str, tuple[ReadingSteps, Prepare]] = {
    "plain": (ReadingSteps(False, False, False, False, False), as_it_is),
    "+enlarge": (ReadingSteps(True, False, False, False, False), as_it_is),
    "+deskew": (ReadingSteps(True, True, False, False, False), as_it_is),
    "+sparse": (ReadingSteps(True, True, True, False, False), as_it_is),
    "+rotate": (ReadingSteps(True, True, True, True, False), as_it_is),
    "+illumination = all": (ALL_STEPS, as_it_is),
    "all+clahe": (ALL_STEPS, clahe),
    "all+binarise": (ALL_STEPS, binarised),
    "all+even light": (ALL_STEPS, evenly_lit),
    "all+median": (ALL_STEPS, without_noise),
    "all+sharpen": (ALL_STEPS, sharpened),
}


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


def measure(task: tuple[str, str, int, str, str]) -> tuple[str, str, float, float]:
    """Read one page by one variant: (variant, group, error rate or sure words, seconds)."""
    variant, kind, number, engine_name, folder = task
    cv2.setNumThreads(1)
    engine = open_engine(engine_name, languages="fra+eng")
    if kind == "scan":
        group, image = list(scans_of(Path(folder)))[number]
        truth = None
    else:
        group, (image, truth) = kind, draw_page(kind, number)
    steps, prepare = VARIANTS[variant]
    started = time.monotonic()
    words = read_page_image(prepare(image), engine, seconds=60, steps=steps).words
    seconds = time.monotonic() - started
    if truth is None:
        return variant, f"scans: {group}", float(sum(w.confidence >= 60 and len(w.text) >= 3 for w in words)), seconds
    return variant, group, error_rate(truth, " ".join(word.text for word in words)), seconds


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=3)
    parser.add_argument("--engine", default="tesserocr")
    parser.add_argument("--scans", default="")
    parser.add_argument("--only", default="")
    parser.add_argument("--variants", default=",".join(VARIANTS))
    options = parser.parse_args()
    variants = options.variants.split(",")
    defects = options.only.split(",") if options.only else [*DEFECTS, "photograph_card"]
    scans = len(list(scans_of(Path(options.scans)))) if options.scans else 0
    tasks = [(v, d, n, options.engine, "") for d in defects for n in range(options.pages) for v in variants]
    tasks += [(v, "scan", n, options.engine, options.scans) for n in range(scans) for v in variants]
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    times: dict[str, list[float]] = defaultdict(list)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for variant, group, value, seconds in pool.map(measure, tasks, chunksize=4):
            found[group][variant].append(value)
            times[variant].append(seconds)
    print("Word error rate in %, lower is better; for scans the mean number of sure words, higher is better.")
    print(f"{'':28}" + "".join(f"{variant:>16}" for variant in variants))
    for group, values in found.items():
        factor = 1 if group.startswith("scans") else 100
        print(f"{group:28}" + "".join(f"{factor * np.mean(values[variant]):16.1f}" for variant in variants))
    together = {v: [x for g, values in found.items() if not g.startswith("scans") for x in values[v]] for v in variants}
    print(f"{'all generated':28}" + "".join(f"{100 * np.mean(together[v]):16.1f}" for v in variants))
    print(f"{'seconds a page':28}" + "".join(f"{np.mean(times[v]):16.2f}" for v in variants))


if __name__ == "__main__":
    main()
