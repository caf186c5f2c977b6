"""Faults are injected into a system that real Prometheus and Alertmanager watch: people are told, and told when it is over."""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.monitoring.cases import GATEWAY, PROXY, UP, accuracy, disk, ended
from tests.monitoring.exporter import Exporter, export
from tests.monitoring.healthy import make_healthy
from tests.monitoring.series import Phase, Rise, from_keeper, from_ray
from tests.monitoring.watching import Watching, settings_of, watch
from tests.receiver import receive
from tests.waiting import wait_until

FAULTS: dict[str, Mapping[str, Phase]] = {
    "ServiceDown": {PROXY: 3},
    "DeploymentDown": {from_ray("ray_serve_deployment_replica_healthy", deployment="Etl", replica="Etl-1"): 0},
    "QueueStuck": {
        from_ray("ray_sake_queue_depth"): 400,
        from_ray("ray_sake_queue_oldest_seconds"): 900,
        ended("COMPLETED"): Rise(0),
        ended("FAILED"): Rise(0),
    },
    "OldestDocumentTooOld": {from_ray("ray_sake_queue_oldest_seconds"): 7200},
    "DocumentsLost": {from_ray("ray_sake_documents_lost"): 1},
    "DocumentsNeedOps": {from_ray("ray_sake_documents_needing_ops"): 2},
    # A damaged model was promoted.
    "ModelLoadFailing": {from_ray("ray_sake_champion_refused"): 1},
    # Its answers are wrong.
    "AccuracyLow": {accuracy("ratio", "passed", "7d"): 0.6},
    "DiskFull": {disk("free"): 1e9},
    # S3 is gone.
    "StoreUnreachable": {from_ray("ray_sake_storage_errors_total", system="objects", operation="write"): Rise(100)},
    "DatabaseUnreachable": {from_ray("ray_sake_storage_errors_total", system="records", operation="write"): Rise(100)},
    "CertificateEnds": {from_keeper("sake_certificate_days_left"): -1},
}


@pytest.fixture(scope="module")
def exporter() -> Iterator[Exporter]:
    """A system that is busy and healthy."""
    with export(Exporter(make_healthy(load=1))) as exporter:
        yield exporter


@pytest.fixture(scope="module")
def watching(exporter: Exporter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watching]:
    settings = settings_of(tmp_path_factory.mktemp("watching"))
    with receive() as told, watch(settings, told, {"exporter": exporter.port}) as watching:
        yield watching


def test_a_healthy_system_tells_nobody_anything(watching: Watching, exporter: Exporter) -> None:
    """What would tell is alive: a fault after a while is the first thing that is told."""
    wait_until(lambda: watching.ask("count_over_time(sake:queue_depth[1h]) > 8"))  # two of the longest windows
    exporter.inject(FAULTS["DocumentsLost"])
    wait_until(lambda: watching.has_told("DocumentsLost"))
    exporter.heal()
    wait_until(lambda: watching.has_told("DocumentsLost", "resolved"))
    assert {alert["labels"]["alertname"] for alert in watching.alerts()} == {"DocumentsLost"}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_and_so_is_its_end(name: str, watching: Watching, exporter: Exporter) -> None:
    before = len(watching.alerts())
    began = time.monotonic()
    exporter.inject(FAULTS[name])
    wait_until(lambda: watching.has_told(name, since=before), log=watching.alerts)
    told = time.monotonic()
    exporter.heal()
    wait_until(lambda: watching.has_told(name, "resolved", since=before), log=watching.alerts)
    print(f"{name}: told after {told - began:.1f} s, over after {time.monotonic() - told:.1f} s")
    (alert, *_) = [one for one in watching.alerts()[before:] if one["labels"]["alertname"] == name]
    assert alert["annotations"]["runbook_url"] == f"docs/runbooks.md#{name.lower()}"


def test_a_killed_target_is_told(exporter: Exporter, tmp_path: Path) -> None:
    screens = Exporter({from_keeper("sake_screens_sessions"): 3})
    with ExitStack() as stack, receive() as told:
        stack.enter_context(export(screens))
        targets = {"exporter": exporter.port, "screens-user": screens.port}
        with watch(settings_of(tmp_path), told, targets) as alone:
            wait_until(lambda: alone.ask('up{job="screens-user"} == 1'))
            stack.close()
            wait_until(lambda: alone.has_told("PartDown"), log=alone.alerts)
            with export(screens, screens.port):
                wait_until(lambda: alone.has_told("PartDown", "resolved"))


def test_what_follows_from_a_fault_is_not_told_beside_it(watching: Watching, exporter: Exporter) -> None:
    before = len(watching.alerts())
    exporter.inject({GATEWAY: 0, PROXY: 3, UP["keeper"]: 0})
    wait_until(lambda: watching.has_told("ServiceDown", since=before))
    exporter.inject({from_keeper("sake_gateway_up"): 0, from_ray("ray_sake_queue_oldest_seconds"): 9000})
    wait_until(lambda: {"GatewayDown", "OldestDocumentTooOld"} <= watching.list_suppressed())
    exporter.inject(FAULTS["DocumentsLost"])  # nothing silences this one
    wait_until(lambda: watching.has_told("DocumentsLost", since=before))
    told = {alert["labels"]["alertname"] for alert in watching.alerts()[before:]}
    assert not {"GatewayDown", "OldestDocumentTooOld"} & told
    exporter.heal()
    wait_until(lambda: watching.has_told("ServiceDown", "resolved", since=before))
