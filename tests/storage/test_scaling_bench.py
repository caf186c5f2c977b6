"""The bench of scaling in its small form: everything that it measures can be measured, on every database and on Ray's nodes."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.scaling import run_queue
from bench.scaling_nodes import ONE_OF_EACH
from sake_ray.domain.documents import Status
from sake_ray.storage.records import Records

TOP = Path(__file__).parents[2]
DOCUMENTS = 60


def test_queue_finishes_what_it_accepts_also_beside_documents_that_are_there(url: str) -> None:
    paces = {pace.name: pace for pace in run_queue(url, filled=40, documents=DOCUMENTS, in_work=3)}
    assert paces["accept"].documents == paces["claim to finish"].documents == DOCUMENTS
    assert all(pace.own > 0 and pace.rate > 0 for pace in paces.values())
    assert (paces["claim to finish"].server > 0) == url.startswith("postgresql")
    records = Records(url)
    # Four of those that were there waited as well, and are the first to be finished.
    waiting = sum(number for status, _, number in records.queue.measure_depth().documents if status is Status.PENDING)
    records.database.close()
    assert waiting <= 4


def test_nodes_finish_all_documents_and_say_what_each_cost_the_head() -> None:
    """In a process of its own: one process has one Ray token for ever."""
    options = "--nodes 2 --seconds 0.2 --documents 10".split()
    command = [sys.executable, "-m", "bench.scaling", "nodes", *options]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False, timeout=800)
    assert done.returncode == 0, done.stderr[-2000:]
    cells = [cell.strip() for cell in done.stdout.splitlines()[-1].strip("|").split("|")]
    assert cells[:3] == ["2", "2", "20"]
    assert 0 < float(cells[4]) <= 1.05
    spent = {name: float(cost) for name, cost in re.findall(r"([A-Z][\w' ]+) ([\d.]+)", cells[5])}
    assert spent.keys() == set(ONE_OF_EACH)
    assert min(spent["Orchestrator"], spent["Predictor"]) > 0
    assert float(cells[6]) == pytest.approx(1000 / max(spent.values()), abs=1)
    assert "Etl" in cells[7]
