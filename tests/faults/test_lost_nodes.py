"""A node is lost with all that it works on, as by a cut of its power: training, search and bulk go on elsewhere.

`make test` loses one in bulk, `make faults` in the others as well.
"""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import numpy as np
import psutil
import pytest

from sake_ray.domain.documents import Status
from sake_ray.domain.trials import TrialState
from sake_ray.storage.s3 import S3Store
from sake_ray.train.search.journal import SearchRequest
from tests.cluster.nodes import Node, Nodes, needs_own_disks
from tests.cluster.nodes import connected as connected
from tests.cluster.nodes import nodes as nodes
from tests.cluster.trainings import PARAMETERS, fit_here, make_journal, write_corpus
from tests.faults.test_classify_killed import journal_of, rows_of, write_scans
from tests.storage.s3_servers import BUCKET, Server
from tests.storage.s3_servers import moto as moto
from tests.train.searching import make_search_set
from tests.waiting import wait_until

pytestmark = [needs_own_disks, pytest.mark.timeout(1800)]
FULL = os.environ.get("SAKE_FAULTS") == "full"
only_in_full = pytest.mark.skipif(not FULL, reason="takes minutes: a part of make faults")
COUNT = 60 if FULL else 12
READER = "sake_ray.data.reader_process"


def find_at_work(nodes: Nodes, title: str) -> Node | None:
    """A worker node of which such a process has just used its CPU."""
    found = [(node, process) for node in nodes.workers for process in node.find(title)]
    before = [measure_cpu(process) for _, process in found]
    time.sleep(0.1)
    for (node, process), seconds in zip(found, before, strict=True):
        if measure_cpu(process) > seconds:
            return node
    return None


def measure_cpu(process: psutil.Process) -> float:
    """The CPU seconds a process has used; none when it is gone."""
    try:
        return float(sum(process.cpu_times()[:2]))
    except psutil.Error:
        return 0.0


def test_node_lost_in_bulk_loses_no_document(
    nodes: Nodes, home: Path, moto: Server, tmp_path: Path, start_sake: Callable[..., Popen[str]]
) -> None:
    scans, output = write_scans(tmp_path / "scans", COUNT), tmp_path / "out.csv"
    store = S3Store(BUCKET, "bulk", endpoint=moto.endpoint, access_key=moto.access_key, secret_key=moto.secret_key)
    servers = {
        "SAKE_OBJECTS_URL": f"s3://{BUCKET}/bulk",
        "SAKE_S3_ENDPOINT": moto.endpoint,
        "AWS_ACCESS_KEY_ID": moto.access_key,
        "AWS_SECRET_ACCESS_KEY": moto.secret_key,
        "SAKE_LOCAL_SECONDS": "0",
    }
    running = start_sake("classify", str(scans), "--output", str(output), home=home, **servers, **nodes.settings)

    def list_texts() -> list[str]:
        return [key for key in store.list("") if key.endswith(".json.gz")]

    def said() -> object:
        return running.poll() is not None and running.communicate()

    victim = wait_until(lambda: list_texts() and find_at_work(nodes, READER), interval=0.2, process=running, log=said)
    assert isinstance(victim, Node)
    done = len(list_texts())
    victim.lose()
    assert done < COUNT
    _, errors = running.communicate(timeout=600)
    assert running.returncode == 0, errors
    assert [Path(row["path"]).name for row in rows_of(output)] == [f"scan-{number:02}.png" for number in range(COUNT)]
    assert {row["status"] for row in rows_of(output)} == {Status.COMPLETED}
    assert len({entry["path"] for entry in journal_of(output)}) == len(journal_of(output)) == COUNT
    print(f"node {victim.name} lost with {done} of {COUNT} documents read")
    replace_node(nodes, victim)


def replace_node(nodes: Nodes, lost: Node) -> None:
    """Have a node of that name again."""
    nodes.workers.remove(lost)
    nodes.add(lost.name)


@only_in_full
@pytest.mark.usefixtures("connected")
def test_node_lost_in_a_training_is_made_up_for(nodes: Nodes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sake_ray.train.stages import fit  # Ray reads its environment when it is imported

    monkeypatch.setattr(fit, "POLL_SECONDS", 0.02)
    facts = write_corpus(tmp_path / "corpus", make_search_set(3000, 8))
    told: list[int] = []
    lost: list[Node] = []

    def lose_once(done: int, total: int) -> None:
        if lost and (not told or told[-1] != done):
            told.append(done)
        if 0 < done < total - 1 and not lost:
            lost.extend(nodes.find_with("ray::RayTrainWorker"))
            for node in lost:
                node.lose()

    fitted = fit.fit_on_ray(
        tmp_path / "corpus", PARAMETERS, seed=1, scratch=tmp_path / "scratch", on_progress=lose_once
    )
    (node,) = lost
    here = fit_here(tmp_path / "corpus", facts)
    assert np.array_equal(fitted.model.coef, here.coef)
    assert fitted.model.temperature == here.temperature
    # Since the loss: what that node had finished was not done again, and what it had not was done elsewhere.
    assert told == sorted(set(told))
    assert told[0] < told[-1]
    print(f"node {node.name} lost after fold {told[0]}, then told {told}")
    replace_node(nodes, node)


@only_in_full
@pytest.mark.usefixtures("connected")
def test_node_lost_in_a_search_fails_no_trial(nodes: Nodes, tmp_path: Path) -> None:
    from sake_ray.train.search.tune import search_on_ray

    journal = make_journal(tmp_path)
    lost: list[Node] = []

    def lose_one() -> None:
        def at_work() -> Node | None:
            return find_at_work(nodes, "ray::ImplicitFunc") if any(t.folds for t in journal.read_trials()) else None

        victim = wait_until(at_work, interval=0.05)
        assert victim
        victim.lose()
        lost.append(victim)

    killer = threading.Thread(target=lose_one, daemon=True)
    killer.start()
    search_on_ray(make_search_set(2000, 6), PARAMETERS, SearchRequest(8), seed=1, journal=journal)
    killer.join()
    (node,) = lost
    trials = journal.read_trials()
    assert [trial.number for trial in trials] == list(range(1, 9))
    assert not any("failed" in trial.reason or trial.state is TrialState.RUNNING for trial in trials)
    assert all(trial.folds for trial in trials)
    assert trials[0].state is TrialState.FINISHED
    print(f"node {node.name} lost; trials {[(trial.state, len(trial.folds)) for trial in trials]}")
    replace_node(nodes, node)
