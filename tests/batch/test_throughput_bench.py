"""The bench of the throughput in its small form: it can be run, and reads what is on the pages."""

from pathlib import Path

import pytest

from bench.ocr_throughput import SETS, compare, find_peers, run_sake, write_set


@pytest.mark.parametrize("name", SETS)
def test_bench_compares_us_with_what_is_installed(name: str, home: Path, tmp_path: Path) -> None:
    files = write_set(name, tmp_path / name, 2)
    rows = compare(files, {"sake": run_sake(home, {})} | find_peers(name), repeats=1)
    assert rows[0].name == "sake"
    assert rows[0].errors < 0.6
    assert all(0 <= row.errors <= 1 and row.start_cpu + row.page_cpu > 0 for row in rows)
