"""Look at what the program is made of and calls: Python, packages, programs, Tesseract's languages."""

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from sake_ray.cli.doctor_findings import Finding, Level, ok, problem
from sake_ray.cli.environment import ADMIN_PLACES
from sake_ray.settings import Settings

PACKAGE = "sake-ray"
MIN_TESSERACT, MIN_NGINX, MIN_GIT = (5, 0), (1, 22), (2, 39)
"""The oldest that are tested: those of Debian 12."""
PROGRAM_SECONDS = 30
"""For saying its version."""


def check_python(_: Settings) -> Iterator[Finding]:
    """Hold this Python against the bounds of the package."""
    bounds, mine = metadata.metadata(PACKAGE)["Requires-Python"], platform.python_version()
    if Requirement(f"python{bounds}").specifier.contains(mine, prereleases=True):
        yield ok("python", f"Python {mine} is one of those that this version is for ({bounds}).")
    else:
        mend = "Remove .venv, and run `PYTHON=/path/to/another/python make install`."
        yield problem("python", f"Python {mine} is none of those that this version is for ({bounds}).", mend)


def check_packages(_: Settings) -> Iterator[Finding]:
    """Hold the installed packages against what the program requires."""
    wrong, count = [], 0
    for line in metadata.requires(PACKAGE) or []:
        wanted = Requirement(line)
        if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
            continue
        count += 1
        try:
            found = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            found = "missing"
        if found == "missing" or not wanted.specifier.contains(found, prereleases=True):
            wrong.append(f"{wanted.name}{wanted.specifier} ({found})")
    if wrong:
        sentence = f"Python packages are not as the program requires them: {', '.join(wrong)}."
        yield problem("packages", sentence, "Run `make install`, or `pip install` the program anew.")
    else:
        yield ok("packages", f"All {count} Python packages are as the program requires them.")


def check_programs(settings: Settings) -> Iterator[Finding]:
    """Look for the programs that are called, and their versions."""
    if settings.ocr_engine != "none":
        yield _check_program("tesseract", "tesseract-ocr", MIN_TESSERACT, Level.PROBLEM, "it reads the pages")
    yield _check_program("git", "git", MIN_GIT, Level.PROBLEM, "it keeps the trainings")
    yield _check_program("nginx", "nginx", MIN_NGINX, Level.WARNING, "it is the gateway of `sake up --gateway`")


def _check_program(name: str, package: str, oldest: tuple[int, int], level: Level, why: str) -> Finding:
    install, wanted = f"Run `apt-get install {package}`.", ".".join(map(str, oldest))
    path = shutil.which(name, path=f"{os.environ.get('PATH', '')}:{ADMIN_PLACES}")
    if path is None:
        return Finding("programs", level, f"There is no {name} on this machine; {why}.", install)
    option = "-v" if name == "nginx" else "--version"
    try:
        done = subprocess.run([path, option], capture_output=True, text=True, timeout=PROGRAM_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        sentence = f"{path} does not say within {PROGRAM_SECONDS} s which version it is; {why}."
        return Finding("programs", level, sentence, f"See what holds up `{path} {option}`.")
    found = re.search(r"(\d+)\.(\d+)[\d.]*", done.stdout + done.stderr)
    if not found:
        return Finding("programs", level, f"{path} does not say which version it is; {why}.", install)
    if (int(found[1]), int(found[2])) < oldest:
        mend = f"Install {name} {wanted} or newer."
        return Finding("programs", Level.WARNING, f"{name} {found[0]} is older than any that is tested.", mend)
    return ok("programs", f"There is {name} {found[0]}.")


def check_languages(settings: Settings) -> Iterator[Finding]:
    """Look for the language models that Tesseract is to read with."""
    if settings.ocr_engine == "none":
        return
    from sake_ray.data.ocr.tessdata import find_tessdata

    folder = Path(settings.tessdata or find_tessdata())
    languages = settings.ocr_languages.split("+")
    for language in languages:
        if not (folder / f"{language}.traineddata").is_file():
            mend = f"Run `apt-get install tesseract-ocr-{language.replace('_', '-')}`, or change SAKE_OCR_LANGUAGES."
            yield problem("languages", f"Tesseract has no language {language} in {folder}.", mend)
            return
    yield ok("languages", f"Tesseract has the languages {', '.join(languages)}.")
