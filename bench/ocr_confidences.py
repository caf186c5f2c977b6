"""Are the confidences of Tesseract and of the neural reader on one scale? How often words are right, by confidence and engine.

    .venv/bin/python -m bench.ocr_confidences [--pages 1] [--only DEFECT,…]

Words of three letters and more on generated pages with known text (those of bench/ocr_quality.py, the right way up). A word
counts as right when the true text has it, as often as it is there. Where both columns agree, `data/ocr/confidences.py` is right.
"""

import argparse
import os
import sys
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from sake_ray.data.ocr.confidences import to_common_scale
from sake_ray.data.ocr.tesseract import AUTOMATIC
from sake_ray.synthetic.defects import DEFECTS

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ["OMP_THREAD_LIMIT"] = "1"

from bench.ocr_quality import draw_page, engines_of

TURNED = {"any_angle", "quarter_turn", "half_turn", "small_rotation"}
LEVELS = (0, 40, 60, 70, 80, 85, 90, 92, 94, 95.5, 97, 101)


def judge(truth: str, words: list[tuple[str, float]]) -> list[tuple[float, bool]]:
    """Each long enough word's confidence, and whether it is right."""
    left, judged = Counter(truth.split()), []
    for text, confidence in words:
        if sum(map(str.isalnum, text)) >= 3:
            judged.append((confidence, left[text] > 0))
            left[text] -= 1
    return judged


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=1)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    defects = options.only.split(",") if options.only else [d for d in [*DEFECTS, "photograph_card"] if d not in TURNED]
    cv2.setNumThreads(1)
    engines = engines_of("tesserocr", "rapidocr")
    found: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for defect in defects:
        for number in range(options.pages):
            image, truth = draw_page(defect, number)
            grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
            for engine in (engines.plain, engines.second):
                assert engine
                read = engine.read(grey, segmentation=AUTOMATIC, seconds=60)
                found[engine.name] += judge(truth, [(word.text, word.confidence) for word in read])
    print(f"{'confidence':14}" + "".join(f"{name:>24}" for name in found))
    for low, high in pairwise(LEVELS):
        row = f"{low:g} to {high:g}"
        cells = []
        for judged in found.values():
            right = [is_right for confidence, is_right in judged if low <= confidence < high]
            cells.append(f"{100 * np.mean(right):8.1f} % of {len(right):5}" if right else "-")
        print(f"{row:14}" + "".join(f"{cell:>24}" for cell in cells))
    sureness = ", ".join(
        f"{step / 1000:g} -> {to_common_scale(step / 1000):.0f}" for step in (800, 900, 950, 990, 999, 1000)
    )
    print(f"Sureness of the models on the common scale: {sureness}")


if __name__ == "__main__":
    main()
