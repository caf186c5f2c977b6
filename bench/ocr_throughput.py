"""How fast is `sake classify`, and how well does it read, against what else one would take for the same files?

    .venv/bin/python -m bench.ocr_throughput [--set clean,mix,text] [--pages N] [--repeats 3] [--profile]

Three sets: clean A4 scans, the mix of what scanners and phones do, and PDFs with text. The peers take turns with us in each
repeat: `xargs tesseract` (text only), kreuzberg's batch extraction, `ocrmypdf --rotate-pages --deskew --sidecar`, and `pdftotext`
for the PDFs; one that is not installed is left out. Ours is all of it: decoding, OCR with boxes, page images stored, cleaning,
classifying, a journal. Start-up is told apart: a page costs (all files - the first file) / (the other files), by the clock and in
CPU seconds. On a busy machine only the CPU seconds count.
"""

import argparse
import cProfile
import gzip
import importlib.util
import json
import os
import pstats
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from itertools import count
from pathlib import Path
from statistics import median

from bench.ocr_quality import error_rate
from sake_ray.synthetic.generate import LABELS, MAKERS, generate_one
from sake_ray.synthetic.sheet import Drawing, sheets_to_pdf

SAKE = Path(sys.executable).with_name("sake")
LANGUAGES, SEED, DPI = "fra+eng", 99, 200
SETS = {"clean": 24, "mix": 24, "text": 240}
"""With how many pages: a second reader process starts within the measured time, which would outweigh a few pages of text."""
CPUS = str(os.cpu_count())
ALONE = os.environ | {"OMP_THREAD_LIMIT": "1"}


@dataclass(frozen=True, slots=True)
class BenchFile:
    """A file of one page, and its true text."""

    path: Path
    truth: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run took, and what it read, by the name of the file."""

    wall: float
    cpu: float
    texts: Mapping[str, str]


Run = Callable[[Sequence[Path], Path], Mapping[str, str]]
"""Reads files, with a folder for what it writes; gives the texts by file name."""


def write_set(name: str, folder: Path, pages: int) -> list[BenchFile]:
    """Write the files of a set."""
    folder.mkdir(parents=True)
    make = {"clean": draw_clean, "mix": draw_mix, "text": draw_text}[name]
    files = []
    for (file, data, truth), _ in zip(make(), range(pages), strict=False):
        (folder / file).write_bytes(data)
        files.append(BenchFile(folder / file, truth))
    return files


def draw_sheets(kind: str) -> Iterator[tuple[int, Drawing]]:
    """Draw documents of one sheet of paper, of each label in turn."""
    for number in count():
        chance = random.Random(f"{SEED} {kind} {number}")
        drawing = chance.choice(MAKERS[LABELS[number % len(LABELS)]])(chance, "fr" if number % 2 else "en")
        if not drawing.card and len(drawing.sheets) == 1:
            yield number, drawing


def draw_clean() -> Iterator[tuple[str, bytes, str]]:
    """Draw pages as a good scanner delivers them: grey, straight, 200 dpi."""
    for number, drawing in draw_sheets("clean"):
        buffer = BytesIO()
        drawing.sheets[0].render(DPI).convert("L").save(buffer, "PNG", dpi=(DPI, DPI))
        yield f"{number:04}.png", buffer.getvalue(), drawing.sheets[0].true_text


def draw_mix() -> Iterator[tuple[str, bytes, str]]:
    """Draw pictures as people hand them in, which Tesseract itself can open."""
    for number in count():
        document = generate_one(number, seed=SEED)
        if document.media_type in {"image/png", "image/jpeg"}:
            yield document.name, document.data, document.true_text


def draw_text() -> Iterator[tuple[str, bytes, str]]:
    """Draw PDFs of one page with text in them."""
    for number, drawing in draw_sheets("text"):
        yield f"{number:04}.pdf", sheets_to_pdf(drawing.sheets), drawing.sheets[0].true_text


def run_sake(home: Path, settings: Mapping[str, str]) -> Run:
    """All of `sake classify`, in a home that has its model; without Ray, unless the settings say otherwise."""

    def run(files: Sequence[Path], folder: Path) -> Mapping[str, str]:
        environment = os.environ | {
            "SAKE_HOME": str(home), "SAKE_OBJECTS_URL": str(folder / "objects"), "SAKE_LOCAL_SECONDS": "1e9",
        } | settings  # fmt: skip
        command = [str(SAKE), "classify", *map(str, files), "--output", str(folder / "out.csv")]
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        assert done.returncode in {0, 3}, done.stderr
        return read_stored_texts(files, folder / "objects")

    return run


def read_stored_texts(files: Sequence[Path], objects: Path) -> Mapping[str, str]:
    """Read what we read of the files from the text cache; a file that failed has none."""
    stored = {path.name.removesuffix(".json.gz"): path for path in objects.glob("texts/**/*.json.gz")}
    texts = {}
    for file in files:
        path = stored.get(sha256(file.read_bytes()).hexdigest())
        pages = json.loads(gzip.decompress(path.read_bytes()))["pages"] if path else []
        texts[file.name] = " ".join(word[0] for page in pages for word in page["words"])
    return texts


def run_each(command: str) -> Run:
    """A program for each file, as many at a time as there are CPUs; `$1` is the file, `$2` where its text goes."""

    def run(files: Sequence[Path], folder: Path) -> Mapping[str, str]:
        pairs = "".join(f"{file}\0{folder / file.name}\0" for file in files)
        # One bad file stops neither xargs nor the bench.
        subprocess.run(
            ["xargs", "-0", f"-P{CPUS}", "-n2", "sh", "-c", f"{command} >/dev/null 2>&1 || true", "sh"],
            input=pairs, text=True, env=ALONE, check=True,
        )  # fmt: skip
        texts = {file.name: folder / f"{file.name}.txt" for file in files}
        return {
            name: path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
            for name, path in texts.items()
        }

    return run


KREUZBERG = """
import json, sys
from kreuzberg import ExtractionConfig, OcrConfig, batch_extract_files_sync
config = ExtractionConfig(ocr=OcrConfig(backend="tesseract", language=sys.argv[1]))
results = batch_extract_files_sync(sys.argv[2:], config=config)
json.dump([result.content for result in results], sys.stdout)
"""


def run_kreuzberg(files: Sequence[Path], folder: Path) -> Mapping[str, str]:
    """Kreuzberg's batch extraction, in one process."""
    command = [sys.executable, "-c", KREUZBERG, LANGUAGES, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
    return dict(zip((file.name for file in files), json.loads(done.stdout), strict=True))


def find_peers(name: str) -> Mapping[str, Run]:
    """The peers for a set that are installed."""
    if name == "text":
        known = {"pdftotext": run_each('pdftotext "$1" "$2.txt"')}
    else:
        known = {
            "tesseract": run_each(f'tesseract "$1" "$2" -l {LANGUAGES}'),
            "ocrmypdf": run_each(
                f'ocrmypdf --jobs 1 -l {LANGUAGES} --image-dpi {DPI} --rotate-pages --deskew --sidecar "$2.txt" "$1" "$2.pdf"'
            ),
        }
    peers = {program: run for program, run in known.items() if shutil.which(program)}
    return peers | ({"kreuzberg": run_kreuzberg} if importlib.util.find_spec("kreuzberg") else {})


def measure(run: Run, files: Sequence[Path]) -> Measured:
    """Run once in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        started, cpu = time.monotonic(), measure_children()
        texts = run(files, Path(folder))
        return Measured(time.monotonic() - started, measure_children() - cpu, texts)


def measure_children() -> float:
    """The CPU seconds of all that was started and has ended; a Ray that goes on is not among it."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@dataclass(frozen=True, slots=True)
class Row:
    """One program on one set: medians over the repeats. Start-up is what the first file takes beyond what others do."""

    name: str
    start: float
    start_cpu: float
    page: float
    page_cpu: float
    errors: float


def compare(files: Sequence[BenchFile], runs: Mapping[str, Run], *, repeats: int) -> list[Row]:
    """Measure all programs on a set of at least two files, in turns."""
    paths = [file.path for file in files]
    found: dict[str, list[tuple[Measured, Measured]]] = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            found[name].append((measure(run, paths[:1]), measure(run, paths)))
    return [summarize(name, pairs, files) for name, pairs in found.items()]


def summarize(name: str, pairs: Sequence[tuple[Measured, Measured]], files: Sequence[BenchFile]) -> Row:
    """Tell start-up and pages apart."""
    others = len(files) - 1
    page = median((all_.wall - one.wall) / others for one, all_ in pairs)
    page_cpu = median((all_.cpu - one.cpu) / others for one, all_ in pairs)
    texts = pairs[-1][1].texts
    return Row(
        name,
        median(one.wall for one, _ in pairs) - page,
        median(one.cpu for one, _ in pairs) - page_cpu,
        page,
        page_cpu,
        sum(error_rate(file.truth, texts[file.path.name]) for file in files) / len(files),
    )


def print_rows(title: str, rows: Sequence[Row]) -> None:
    """Print a table; the ratio says how many times as fast as that program we are, pages only."""
    ours = rows[0]
    print(f"\n{title}")
    print(f"{'':12}{'start s':>9}{'CPU s':>8}{'page s':>9}{'CPU s':>8}{'word errors':>13}{'speed':>8}{'by CPU':>8}")
    for row in rows:
        ratio, cpu = row.page / ours.page, row.page_cpu / ours.page_cpu
        print(
            f"{row.name:12}{row.start:9.2f}{row.start_cpu:8.2f}{row.page:9.3f}{row.page_cpu:8.3f}"
            f"{row.errors:13.1%}{ratio:8.2f}{cpu:8.2f}"
        )


def profile(files: Sequence[BenchFile], engine: str) -> None:
    """Show where the time goes: in the reader process, which here is this one, and around it."""
    from sake_ray.data.ocr.opening import open_engines
    from sake_ray.data.page_reading import read_pages
    from sake_ray.data.reading import Reader, ReadingOptions, read_document
    from sake_ray.domain.limits import Limits
    from sake_ray.storage.objects import FolderStore

    options = ReadingOptions(engine=engine)
    inside = cProfile.Profile()
    engines = open_engines(engine, options.second_engine, languages=LANGUAGES)
    for file in files:
        inside.runcall(lambda file: list(read_pages(file.path.read_bytes(), engines, limits=Limits())), file)
    around = cProfile.Profile()
    with tempfile.TemporaryDirectory() as folder, Reader(options) as reader:
        _ = reader.recipe
        cpu = time.process_time()
        for file in files:
            around.runcall(read_document, file.path.read_bytes(), reader=reader, store=FolderStore(Path(folder)))
        here = (time.process_time() - cpu) / len(files)
        print(
            f"\nCPU seconds a page: {reader.measure_cpu() / len(files):.3f} in the reader process, {here:.3f} around it"
        )
    for title, profiled in (("In the reader process", inside), ("Around it (it waits in select)", around)):
        print(f"\n{title}, over {len(files)} pages:")
        pstats.Stats(profiled).sort_stats("tottime").print_stats(15)


def main() -> None:
    """Print a table for each set."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--set", default=",".join(SETS))
    parser.add_argument("--pages", type=int, help="of each set; without it as many as the set needs")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--engine", default="", help="the setting SAKE_OCR_ENGINE; without it the default")
    parser.add_argument("--ray", action="store_true", help="have Ray read, however little it is")
    parser.add_argument("--profile", action="store_true", help="show where the time goes, instead of comparing")
    options = parser.parse_args()
    settings = {"SAKE_OCR_ENGINE": options.engine} if options.engine else {}
    settings |= {"SAKE_LOCAL_SECONDS": "0"} if options.ray else {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sake = run_sake(folder / "home", settings)
        for each in options.set.split(","):
            files = write_set(each, folder / each, options.pages or SETS[each])
            if options.profile:
                profile(files, options.engine or "tesserocr")
                continue
            measure(sake, [files[0].path])  # makes the model, the first time
            rows = compare(files, {"sake": sake} | find_peers(each), repeats=options.repeats)
            print_rows(f"{each}: {len(files)} pages", rows)


if __name__ == "__main__":
    main()
