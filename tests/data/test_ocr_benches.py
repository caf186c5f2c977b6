"""The benches of reading in their small form: each of their variants reads, and prints its figures."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench import ocr_confidences

TOP = Path(__file__).parents[2]


def test_quality_bench_tells_errors_and_cpu_seconds() -> None:
    words = ("--pages", "1", "--only", "photograph_card", "--variants", "one pass,both,neural")
    # As people run it: its processes import the module that was started, which in a test is another.
    command = [sys.executable, "-m", "bench.ocr_quality", *words]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True)
    printed = done.stdout.splitlines()
    assert printed[1].split() == ["one", "pass", "both", "neural"]
    name, *figures = printed[2].replace(" s", "").split()
    assert (name, len(figures)) == ("photograph_card", 6)
    errors = [float(figure) for figure in figures[::2]]
    assert errors[1] <= errors[0]


def test_confidence_bench_tells_how_often_words_are_right(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "--pages", "1", "--only", "low_resolution"])
    ocr_confidences.main()
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].split() == ["confidence", "tesserocr", "rapidocr"]
    assert any("% of" in line for line in printed)
