"""The bench of the throughput in its small form: it can be run, and reads what is on the pages."""

from pathlib import Path

import pytest

from bench.ocr_throughput import SETS, compare, find_peers, profile, run_sake, write_set

MAX_ERRORS = {"clean": 0.3, "mix": 0.6, "text": 0.02}


@pytest.mark.parametrize("name", SETS)
def test_bench_compares_us_with_what_is_installed(name: str, home: Path, tmp_path: Path) -> None:
    files = write_set(name, tmp_path / name, 2)
    rows = compare(files, {"sake": run_sake(home, {})} | find_peers(name), repeats=1)
    assert rows[0].name == "sake"
    assert rows[0].errors < MAX_ERRORS[name]
    assert all(row.errors < 1 for row in rows)  # a peer that reads nothing cannot be run


def test_profile_tells_the_reader_process_from_what_is_around_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile(write_set("text", tmp_path / "text", 2), "tesserocr")
    printed = capsys.readouterr().out
    assert "CPU seconds a page" in printed
    assert "sake_ray/data/pages" in printed.partition("In the reader process")[2].partition("Around it")[0]
