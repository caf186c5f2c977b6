"""The reader process: decodes one document after another, and may be killed at any moment.

Requests come on standard input, answers go to what was standard output: a line of JSON, then the bytes it announces. The
parent is `reading.Reader`. PDFium, Pillow, OpenCV and Tesseract run only here, under a memory limit, and confined: without
network, without files but those of the program, and as a user of its own where root has started it.
"""

import json
import os
import resource
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import IO, Any

import cv2

from sake_ray.data.confinement.confine import confine
from sake_ray.data.confinement.kernel import NotPossible
from sake_ray.data.confinement.seccomp import refuse_programs
from sake_ray.data.ocr.opening import NONE, OcrEngines, open_engines
from sake_ray.data.ocr.tessdata import find_tessdata
from sake_ray.data.ocr.tesseract import PytesseractEngine
from sake_ray.data.page_reading import make_preview, read_pages, survey_document
from sake_ray.data.stage_clock import take_stages
from sake_ray.data.text_cache import page_to_json
from sake_ray.domain.limits import Limits
from sake_ray.domain.page_ranges import PageRange
from sake_ray.errors import MemoryExceeded, SakeError, read_templates

FILE_BYTES = 1 << 30
"""No file may grow longer; the largest is a page as pytesseract wants it."""
OPEN_FILES = 256


def main() -> None:
    """Serve the requests of the parent until it closes the pipe."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a C library prints must not land among the answers
    options = json.loads(requests.readline())
    limits = Limits(**options["limits"])
    cv2.setNumThreads(1)
    read_templates()  # while there is memory for it
    try:
        engines, missing = _confine_and_open(options, limits)
    except SakeError as error:
        _answer(answers, {"error": error.message.to_json()})
        return
    _answer(answers, {"engine": engines.name, "version": engines.version, "missing": missing})
    while line := requests.readline():
        request = json.loads(line)
        data = requests.read(request["bytes"])
        if request.get("preview"):
            _serve(answers, limits, partial(_answer_preview, data, limits, answers))
        elif request.get("survey"):
            _serve(answers, limits, partial(_answer_survey, data, limits, answers))
        else:
            wanted = PageRange(*request["wanted"]) if "wanted" in request else None
            _serve(answers, limits, partial(_answer_pages, data, wanted, engines, limits, answers))


def _confine_and_open(options: dict[str, Any], limits: Limits) -> tuple[OcrEngines, dict[str, str]]:
    """Confine this process, and open the engines in it; say which layers are not possible. Raises SetupError."""
    tessdata, folder = options["tessdata"], options["folder"]
    if not tessdata and options["engine"] != NONE:
        tessdata = find_tessdata()
    missing = confine(Path(folder), readable=[Path(tessdata)] if tessdata else [])
    _exit_with_parent(options["alive"], folder)  # after it: what a thread may do is what it began with
    for kind, limit in (
        (resource.RLIMIT_AS, limits.memory_mb * 1024 * 1024),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        resource.setrlimit(kind, (limit, limit))
    engines = open_engines(
        options["engine"], options["second_engine"], languages=options["languages"], tessdata=tessdata
    )
    if not isinstance(engines.plain, PytesseractEngine):  # that one is a program
        try:
            refuse_programs()
        except NotPossible as error:
            missing["programs"] = str(error)
    return engines, missing


def _answer_pages(
    data: bytes, wanted: PageRange | None, engines: OcrEngines, limits: Limits, answers: IO[bytes]
) -> None:
    take_stages()  # those of a page that failed
    for count, read in read_pages(data, engines, limits=limits, wanted=wanted):
        header = {
            "pages": count,
            "stages": take_stages(),
            "page": page_to_json(read.page),
            "source": read.source.value,
            "image": len(read.image),
            "thumbnail": len(read.thumbnail),
        }
        _answer(answers, header, read.image, read.thumbnail)
    _answer(answers, {"done": True})


def _answer_survey(data: bytes, limits: Limits, answers: IO[bytes]) -> None:
    _answer(answers, {"survey": asdict(survey_document(data, limits=limits))})


def _answer_preview(data: bytes, limits: Limits, answers: IO[bytes]) -> None:
    thumbnail = make_preview(data, limits=limits)
    _answer(answers, {"thumbnail": len(thumbnail)}, thumbnail)


def _serve(answers: IO[bytes], limits: Limits, serve: Callable[[], None]) -> None:
    try:
        serve()
    except SakeError as error:
        _answer(answers, {"error": error.message.to_json()})
    except (MemoryError, cv2.error) as error:
        if isinstance(error, cv2.error) and error.code != cv2.Error.StsNoMem:
            raise
        failure = MemoryExceeded("memory-exceeded", limit=limits.memory_mb)
        _answer(answers, {"error": failure.message.to_json()})


def _answer(answers: IO[bytes], header: dict[str, Any], *parts: bytes) -> None:
    answers.write(json.dumps(header).encode() + b"\n")
    for part in parts:
        answers.write(part)
    answers.flush()


def _exit_with_parent(alive: int, folder: str) -> None:
    """End this process and its Tesseract as soon as the parent's end of the pipe closes, however the parent died."""

    def wait() -> None:
        while True:
            if not os.read(alive, 1):
                shutil.rmtree(folder, ignore_errors=True)
                os.killpg(0, signal.SIGKILL)
            time.sleep(0.1)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    main()
