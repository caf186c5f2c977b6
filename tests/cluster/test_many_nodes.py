"""Work on nodes that share no disk: none of it needs a file of the home."""

from pathlib import Path

import numpy as np
import pytest

from sake_ray.domain.trials import TrialState
from sake_ray.errors import TrainingFailed
from sake_ray.train.search.journal import SearchRequest
from tests.cluster.nodes import NAMES, Nodes, needs_own_disks
from tests.cluster.nodes import connected as connected
from tests.cluster.nodes import nodes as nodes
from tests.cluster.trainings import PARAMETERS, fit_here, make_journal, write_corpus
from tests.train.searching import make_search_set

pytestmark = [needs_own_disks, pytest.mark.timeout(1800)]


@pytest.mark.usefixtures("connected")
def test_nodes_see_no_file_of_another(nodes: Nodes, tmp_path: Path) -> None:
    """Otherwise the tests below would show nothing."""
    import ray

    (tmp_path / "file").touch()
    look = ray.remote(num_cpus=0)(Path.exists)
    assert (tmp_path / "file").exists()
    for name in NAMES:
        assert not ray.get(look.options(resources={name: 1}).remote(tmp_path / "file"), timeout=200)


@pytest.mark.usefixtures("connected")
def test_model_is_fitted_on_a_node_without_the_home(tmp_path: Path) -> None:
    from sake_ray.train.stages.fit import fit_on_ray

    facts = write_corpus(tmp_path / "corpus", make_search_set())
    told: list[tuple[int, int]] = []
    fitted = fit_on_ray(
        tmp_path / "corpus",
        PARAMETERS,
        seed=1,
        scratch=tmp_path / "scratch",
        on_progress=lambda *done: told.append(done),
    )
    here = fit_here(tmp_path / "corpus", facts)
    assert np.array_equal(fitted.model.coef, here.coef)
    assert fitted.model.temperature == here.temperature
    assert not (tmp_path / "scratch").exists()


@pytest.mark.usefixtures("connected")
def test_search_runs_on_nodes_without_the_home(tmp_path: Path) -> None:
    from sake_ray.train.search.tune import search_on_ray

    journal = make_journal(tmp_path)
    search_on_ray(make_search_set(), PARAMETERS, SearchRequest(4), seed=1, journal=journal)
    trials = journal.read_trials()
    assert [trial.number for trial in trials] == [1, 2, 3, 4]
    assert {trial.state for trial in trials} <= {TrialState.FINISHED, TrialState.KILLED}
    assert trials[0].state is TrialState.FINISHED
    assert not any("failed" in trial.reason for trial in trials)


@pytest.mark.usefixtures("connected")
def test_search_that_gets_no_cpu_says_so(
    nodes: Nodes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import ray

    from sake_ray.data import ray_map
    from sake_ray.train.search.tune import search_on_ray

    class Holder:
        def ping(self) -> bool:
            return True

    holders = [ray.remote(num_cpus=1)(Holder).remote() for _ in NAMES]
    ray.get([holder.ping.remote() for holder in holders], timeout=200)
    monkeypatch.setattr(ray_map, "CPU_SECONDS", 1.0)
    monkeypatch.setattr(ray_map, "QUIET_SECONDS", 0.5)
    with pytest.raises(TrainingFailed, match="No CPU has become free"):
        search_on_ray(make_search_set(), PARAMETERS, SearchRequest(4), seed=1, journal=make_journal(tmp_path))
    assert [record.message for record in caplog.records if record.name == ray_map.__name__] == [
        "no CPU is free; waiting for one"
    ]
    assert not list(tmp_path.glob("search/trials/*"))
    for holder in holders:
        ray.kill(holder)
