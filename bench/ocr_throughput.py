"""How many pages a second, against `xargs -P$(nproc) tesseract` on the same pages in the same run?

    .venv/bin/python bench/ocr_throughput.py [--pages 48] [--repeats 3]

Ours is the whole of `sake classify`: decoding, OCR with boxes, page images stored, cleaning, classifying, a journal; the other
writes plain text. Start-up is what a run over one page takes; the ratio is given with it and without it. Runs take turns.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from sake_ray.synthetic.generate import generate_one

SAKE = Path(sys.executable).with_name("sake")
ENGINES = ("pytesseract", "tesserocr")


def write_pages(folder: Path, count: int) -> list[Path]:
    """One-page scans that Tesseract itself can open, so that both read the very same files."""
    pages: list[Path] = []
    index = 0
    while len(pages) < count:
        document = generate_one(index, seed=99)
        index += 1
        if document.media_type in {"image/png", "image/jpeg"}:
            pages.append(folder / document.name)
            pages[-1].write_bytes(document.data)
    return pages


def time_sake(pages: list[Path], home: Path, engine: str) -> float:
    with tempfile.TemporaryDirectory() as fresh:
        environment = os.environ | {
            "SAKE_HOME": str(home),
            "SAKE_OCR_ENGINE": engine,
            "SAKE_OBJECTS_URL": f"{fresh}/objects",
        }
        command = [str(SAKE), "classify", *map(str, pages), "--output", f"{fresh}/out.csv"]
        started = time.monotonic()
        subprocess.run(command, env=environment, check=True, capture_output=True)
        return time.monotonic() - started


def time_xargs(pages: list[Path]) -> float:
    with tempfile.TemporaryDirectory() as fresh:
        command = [
            "xargs",
            f"-P{os.cpu_count()}",
            "-I{}",
            "sh",
            "-c",
            f'tesseract "$1" {fresh}/$(basename "$1") -l fra+eng 2>/dev/null',
            "sh",
            "{}",
        ]
        started = time.monotonic()
        subprocess.run(
            command, input="\n".join(map(str, pages)), text=True, env=os.environ | {"OMP_THREAD_LIMIT": "1"}, check=True
        )
        return time.monotonic() - started


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=48)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pages = write_pages(Path(folder), options.pages)
        home = Path(folder) / "home"
        subprocess.run([str(SAKE), "up"], env=os.environ | {"SAKE_HOME": str(home)}, check=True, capture_output=True)
        whole: dict[str, list[float]] = {engine: [] for engine in ENGINES}
        working: dict[str, list[float]] = {engine: [] for engine in ENGINES}
        for repeat in range(options.repeats):
            other = time_xargs(pages)
            print(f"repeat {repeat + 1}: xargs {other:.1f} s", flush=True)
            for engine in ENGINES:
                start, total = time_sake(pages[:1], home, engine), time_sake(pages, home, engine)
                whole[engine].append(other / total)
                working[engine].append(other / (total - start))
                print(f"repeat {repeat + 1}: {engine} {total:.1f} s, start-up {start:.1f} s", flush=True)
    print(f"Speed against xargs tesseract on {options.pages} pages (1 = as fast, more = faster):")
    for engine in ENGINES:
        for name, ratios in (("with start-up", whole[engine]), ("without start-up", working[engine])):
            print(f"  {engine:12} {name:17} median {median(ratios):.2f}, range {min(ratios):.2f}–{max(ratios):.2f}")


if __name__ == "__main__":
    main()
