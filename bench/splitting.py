"""How well are the documents of a stack told apart? Precision and recall of the boundaries on generated stacks.

    .venv/bin/python -m bench.splitting [--documents 400] [--scanned 40] [--stacks 320] [--fit]

Stacks of 2 to 40 documents are put together of generated ones, which the first model has not learned from. `mixed` stacks are of
all labels; `one class` of one, half of them of documents of the same sender: the same form with other numbers, dates and amounts;
`one document` is a document of several pages, which most files are, and must not be torn.
Some have blank backs or separating sheets. Their words are those that were drawn, in half of the stacks with errors as OCR makes
them; `--scanned` adds documents that were scanned and read. `--fit` fits the weights on other stacks, and writes
`sake_ray/splitting/weights.py`.

A boundary is found when its sureness reaches the threshold. Precision is the share of found ones that are true, recall the share
of true ones that are found; a stack is right when neither is amiss.
"""

import argparse
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sake_ray.classifier import Classifier, fit
from sake_ray.classifier.text_features import misread
from sake_ray.data.reading import Reader, to_document_text
from sake_ray.domain.texts import Box, DocumentText, Page, Recipe, Word, WordSource, renumber
from sake_ray.splitting import find_boundaries
from sake_ray.splitting.evidence import AGAINST, FEATURES, GROUPS, list_places, measure_evidence
from sake_ray.splitting.page_signs import PageSigns
from sake_ray.synthetic.channels import hand_in
from sake_ray.synthetic.generate import LABELS, LANGUAGES, MAKERS
from sake_ray.synthetic.sheet import MM_PER_POINT, Drawing, Sheet, Text, measure_width
from sake_ray.train.first_model.corpus import read_corpus

SEED, FIT_SEED = 41, 42
"""Neither is that of the corpus of the first model."""
SIZES = (2, 3, 4, 5, 8, 12, 20, 40)
THRESHOLDS = (0.3, 0.5, 0.7, 0.9, 0.95, 0.98)
PENALTY = 0.0005
LEAST = {"other_class": 4.0, "number_restarts": 2.0, "number_ended": 1.0}
"""Pages that are surely of two classes are proposed as two documents, whatever else they have in common. Too few generated
documents have page numbers to say how much these count."""
WEIGHTS = Path(__file__).parent.parent / "sake_ray" / "splitting" / "weights.py"
HIGH, DEEP = re.compile(r"[^acegmnopqrsuvwxyz.,;:_\-]"), re.compile(r"[gjpqyç,;Q(]")
SEPARATORS = ("SÉPARATEUR DE DOCUMENTS", "DOCUMENT SEPARATOR", "Patch code T", "Intercalaire - document suivant")

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PooledDocument:
    """A generated document, as words."""

    label: str
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Stack:
    """Documents in one file, and the pages with which all but the first begin."""

    kind: str
    text: DocumentText
    starts: frozenset[int]


def draw_document(index: int, *, seed: int) -> Drawing:
    """Draw a document, the labels in turn; every other one has several pages if one of three has."""
    chance = random.Random(f"{seed} document {index}")
    label = LABELS[index % len(LABELS)]
    # Most generated documents have one page, and it is within a document that boundaries are found wrongly.
    drawings = [chance.choice(MAKERS[label])(chance, chance.choice(LANGUAGES)) for _ in range(3)]
    several = [drawing for drawing in drawings if len(drawing.sheets) > 1]
    return several[0] if several and index // len(LABELS) % 2 else drawings[0]


def make_pool(count: int, *, seed: int) -> list[PooledDocument]:
    """Draw documents, and take their words from the drawing: as a text layer has them."""
    drawings = (draw_document(index, seed=seed) for index in range(count))
    return [PooledDocument(drawing.label, tuple(map(to_page, drawing.sheets))) for drawing in drawings]


def scan_pool(count: int, reader: Reader, *, seed: int) -> list[PooledDocument]:
    """Draw documents, hand them in as people do, and read them."""
    pool = []
    for index in range(count):
        drawing = draw_document(index, seed=seed)
        handed = hand_in(drawing, random.Random(f"{seed} scan {index}"))
        pool.append(PooledDocument(drawing.label, reader.read(handed.data).pages))
    return pool


def to_page(sheet: Sheet) -> Page:
    """Make of a drawn sheet what a reader makes of its text layer."""
    words: list[Word] = []
    marks = sorted((mark for mark in sheet.marks if isinstance(mark, Text)), key=lambda mark: (round(mark.y), mark.x))
    for line, mark in enumerate(marks):
        left, height = mark.x, mark.size * MM_PER_POINT
        for text in mark.text.split():
            right = left + measure_width(text, font=mark.font, size=mark.size)
            # Boxes are as tight as those of OCR: a word of low letters is half as high as one with a capital and a tail.
            top = mark.y + height * (0.25 if HIGH.search(text) else 0.47)
            bottom = mark.y + height * (1.15 if DEEP.search(text) else 0.96)
            box = Box(left / sheet.width, top / sheet.height, right / sheet.width, bottom / sheet.height)
            words.append(Word(text, box, 100.0, line))
            left = right + measure_width(" ", font=mark.font, size=mark.size)
    width, height = round(sheet.width / 25.4 * 150), round(sheet.height / 25.4 * 150)
    return Page(1, width, height, tuple(words), WordSource.TEXT_LAYER)


def make_sibling(document: PooledDocument, chance: random.Random) -> PooledDocument:
    """Make another document of the same sender: its numbers, dates, amounts and a few words are others."""
    renamed: dict[str, str] = {}

    def change(text: str) -> str:
        if len(text) < 3 or not any(map(str.isdigit, text)):
            return text
        digits = re.sub(r"\d", lambda _: str(chance.randint(0, 9)), text)
        return renamed.setdefault(text, digits)

    def rewrite(page: Page) -> Page:
        # A page number and a year are the same in both.
        same = {word.text for word in page.words if re.fullmatch(r"\d{1,2}(?:/\d{1,2})?|(?:19|20)\d\d", word.text)}
        words = [word if word.text in same else replace(word, text=change(word.text)) for word in page.words]
        return replace(page, words=tuple(words))

    return PooledDocument(document.label, tuple(map(rewrite, document.pages)))


def spoil(page: Page, chance: random.Random) -> Page:
    """Make of a text layer what OCR might read of a scan of it."""
    rate, kept = chance.choice((0.0, 0.02, 0.05)), chance.choice((1.0, 0.97, 0.85))
    words = [
        replace(word, text=misread(word.text, rate, chance), box=_shake(word.box, chance), confidence=88.0)
        for word in page.words
        if chance.random() < kept
    ]
    return replace(page, words=tuple(words), source=WordSource.OCR)


def make_stack(
    pool: Sequence[PooledDocument], size: int, chance: random.Random, recipe: Recipe, *, mixed: bool
) -> Stack:
    """Put documents into one file."""
    label = chance.choice(LABELS)
    choice = pool if mixed else [document for document in pool if document.label == label]
    documents = [chance.choice(choice)]
    same_sender = 0.0 if mixed else chance.choice((0.0, 0.8))
    while len(documents) < size:
        sibling = chance.random() < same_sender
        documents.append(make_sibling(documents[-1], chance) if sibling else chance.choice(choice))
    scanned, duplex, separated = chance.random() < 0.5, chance.random() < 0.2, chance.random() < 0.1
    pages: list[Page] = []
    starts: set[int] = set()
    for number, document in enumerate(documents):
        if number:
            if separated:
                pages.append(make_sheet(pages[-1], chance.choice(SEPARATORS)))
            starts.add(len(pages) + 1)
        pages += [spoil(page, chance) for page in document.pages] if scanned else document.pages
        if duplex and len(document.pages) % 2:
            pages.append(make_sheet(pages[-1], chance.choice(("", "", "- ."))))
    text = to_document_text(f"stack {size}", "application/pdf", renumber(pages), recipe)
    return Stack("mixed" if mixed else "one class", text, frozenset(starts))


def make_sheet(like: Page, line: str) -> Page:
    """Make a sheet of the same paper with one line."""
    words = tuple(Word(text, Box(0.2, 0.45, 0.8, 0.5), 80.0, 0) for text in line.split())
    return replace(like, words=words)


def make_stacks(pool: Sequence[PooledDocument], count: int, recipe: Recipe, *, seed: int) -> Iterator[Stack]:
    """Make stacks of all sizes, mixed and of one class, and single documents of several pages, in turn."""
    long = [document for document in pool if len(document.pages) > 1]
    for index in range(count):
        chance = random.Random(f"{seed} stack {index}")
        size = SIZES[index // 3 % len(SIZES)]
        if index % 3 < 2:
            yield make_stack(pool, size, chance, recipe, mixed=index % 3 == 0)
        elif long:
            yield replace(make_stack(long, 1, chance, recipe, mixed=True), kind="one document")


def measure(stacks: Sequence[Stack], find: Callable[[DocumentText], dict[int, float]]) -> Iterator[str]:
    """Measure the boundaries that are found, as the lines of a table."""
    found = [(stack, find(stack.text)) for stack in stacks]
    yield "| stacks | threshold | boundaries | precision | recall | stacks right | torn within documents |"
    yield "|---|---|---|---|---|---|---|"
    for kind in sorted({stack.kind for stack in stacks}):
        for threshold in THRESHOLDS:
            hits = wrong = missed = right = 0
            some = [(stack, sureness) for stack, sureness in found if stack.kind == kind]
            for stack, sureness in some:
                over = {page for page, sure in sureness.items() if sure >= threshold}
                hits += len(over & stack.starts)
                wrong += len(over - stack.starts)
                missed += len(stack.starts - over)
                right += over == stack.starts
            inner = sum(len(stack.text.pages) - 1 - len(stack.starts) for stack, _ in some)
            precision, recall = divide(hits, hits + wrong), divide(hits, hits + missed)
            shares = f"{precision:.3f} | {recall:.3f} | {divide(right, len(some)):.2f} | {wrong / max(1, inner):.3f}"
            yield f"| {kind} | {threshold} | {hits + missed} | {shares} |"


def divide(part: int, whole: int) -> float:
    """A share; of nothing all is right."""
    return part / whole if whole else 1.0


def collect_evidence(stacks: Sequence[Stack], classifier: Classifier) -> tuple[Matrix, Matrix, Matrix]:
    """The evidence at each place of the stacks, whether a document begins there, and how much the place counts.

    A stack counts by the root of its size.
    """
    rows: list[list[float]] = []
    truth, weights = [], []
    for stack in stacks:
        signs = [PageSigns(page) for page in stack.text.pages]
        places = list_places(signs)
        rows += measure_evidence(stack.text, classifier, signs) if places else []
        truth += [after + 1 in stack.starts for _, after in places]
        weights += [len(places) ** -0.5] * len(places)
    return np.asarray(rows), np.asarray(truth, dtype=float), np.asarray(weights)


def fit_weights(evidence: Matrix, truth: Matrix, counts: Matrix) -> tuple[float, dict[str, float]]:
    """Fit the weights by logistic regression.

    What speaks for a boundary gets no weight below 0, what speaks against it none above. Each place is taken three times: as it
    is, and twice without one kind of evidence (the mean in its place), since scans, and other documents, lack some of it.
    """
    from scipy.optimize import minimize

    chance = np.random.default_rng(FIT_SEED)
    groups = np.asarray([GROUPS[name] for name in FEATURES])
    copies = [evidence]
    for kinds in (("look", "head"), ("class", "look", "numbering")):
        dropped = chance.choice(kinds, len(evidence))
        copies.append(np.where(groups[None, :] == dropped[:, None], evidence.mean(axis=0), evidence))
    rows, signs = np.vstack(copies), np.tile(2 * truth - 1, 3)
    shares = np.tile(counts / counts.sum(), 3) / 3

    def loss(values: Matrix) -> tuple[float, Matrix]:
        margins = signs * (rows @ values[1:] + values[0])
        gradient = -shares * signs / (1 + np.exp(margins))
        penalty = np.concatenate([[0.0], 2 * PENALTY * values[1:]])
        total = shares @ np.logaddexp(0, -margins) + PENALTY * values[1:] @ values[1:]
        return float(total), np.concatenate([[gradient.sum()], gradient @ rows]) + penalty

    bounds = [(None, None), *((None, 0.0) if name in AGAINST else (LEAST.get(name, 0.0), None) for name in FEATURES)]
    found = minimize(loss, np.zeros(len(FEATURES) + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    return float(found[0]), dict(zip(FEATURES, map(float, found[1:]), strict=True))


def write_weights(bias: float, weights: dict[str, float]) -> None:
    """Write the module of the weights."""
    lines = "".join(f'    "{name}": {weight:.2f},\n' for name, weight in weights.items())
    WEIGHTS.write_text(
        '"""How much each piece of evidence counts. Made by `bench/splitting.py --fit`; do not edit."""\n\n'
        f"BIAS = {bias:.2f}\nWEIGHTS: dict[str, float] = {{\n{lines}}}\n"
    )


def fit_first_model(recipe: Recipe) -> Classifier:
    """Fit the first model on the texts that come with the package."""
    texts, labels = zip(*read_corpus(recipe), strict=True)
    return fit(texts, labels)


def find_sureness(text: DocumentText, classifier: Classifier) -> dict[int, float]:
    """How sure each boundary is, by its page."""
    return {boundary.page: boundary.sureness for boundary in find_boundaries(text, classifier)}


def _shake(box: Box, chance: random.Random) -> Box:
    by = chance.gauss(0, 0.0006)
    return Box(box.left, box.top + by, box.right, box.bottom + 1.3 * by)


def main() -> None:
    """Measure, and fit first where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=400)
    parser.add_argument("--scanned", type=int, default=0, help="documents that are scanned and read by OCR")
    parser.add_argument("--stacks", type=int, default=320)
    parser.add_argument("--fit", action="store_true", help="fit the weights, on other documents")
    options = parser.parse_args()
    seed = FIT_SEED if options.fit else SEED
    with Reader() as reader:
        recipe, classifier = reader.recipe, fit_first_model(reader.recipe)
        scans = scan_pool(options.scanned, reader, seed=seed)
    pool = make_pool(options.documents, seed=seed)
    if options.fit:
        stacks = list(make_stacks(pool + scans, options.stacks, recipe, seed=seed))
        write_weights(*fit_weights(*collect_evidence(stacks, classifier)))
        return
    for name, documents in {"drawn": pool, "scanned": scans}.items():
        if documents:
            stacks = list(make_stacks(documents, options.stacks, recipe, seed=seed))
            print(f"\n{name}:\n")
            print("\n".join(measure(stacks, lambda text: find_sureness(text, classifier))))


if __name__ == "__main__":
    main()
