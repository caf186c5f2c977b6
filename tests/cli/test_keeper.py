"""How the programs fare that `sake up` keeps running."""

import sys
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from sake_ray.cli import keeper, sidecars
from sake_ray.cli.keeper import KeptPrograms, export_kept, measure_answer
from sake_ray.cli.sidecars import Sidecar, run_sidecars
from sake_ray.gateway.request_log import RequestListener
from sake_ray.metrics.exposition import PrometheusInstruments
from sake_ray.settings import Settings
from tests.gateway.front import make_config, make_echo, running, serving
from tests.metrics.scraped import read
from tests.ports import free_port
from tests.waiting import wait_until

HEALTHY = Starlette(routes=[Route("/mlflow/health", lambda _: PlainTextResponse("OK"))])
ILL = Starlette(routes=[Route("/health", lambda _: PlainTextResponse("no", 503))])


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(sidecars, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(sidecars, "RESTART_PAUSES", (0.01, 0.05))


def program(name: str, log: Path, code: str) -> Sidecar:
    return Sidecar(name, "", (sys.executable, "-c", code), log)


def test_programs_and_their_restarts_are_exported(tmp_path: Path) -> None:
    instruments, port = PrometheusInstruments(), free_port()
    settings = Settings(home=tmp_path, keeper_metrics_port=port)
    lives, dies = (
        program("Lives", tmp_path / "a.log", "import time; time.sleep(600)"),
        program("Dies", tmp_path / "b.log", ""),
    )
    with run_sidecars([lives, dies]) as processes, export_kept(settings, KeptPrograms(processes), instruments):

        def restarts() -> float:
            return read(instruments, "sake_sidecar_restarts_total", program="Dies") or 0

        wait_until(lambda: restarts() >= 2, interval=0.05)
        assert read(instruments, "sake_sidecar_restarts_total", program="Lives") == 0
        assert read(instruments, "sake_sidecar_up", program="Lives") == 1
        text = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text
        assert 'sake_sidecar_up{program="Lives"} 1.0' in text
        assert "sake_mlflow_up" not in text
        assert "sake_gateway_up" not in text


def test_mlflow_is_asked_and_when_it_does_not_answer_nobody_says_how_long_it_took(tmp_path: Path) -> None:
    instruments = PrometheusInstruments()
    settings, port = Settings(home=tmp_path, keeper_metrics_port=free_port()), free_port()
    with export_kept(settings, KeptPrograms([], mlflow=f"http://127.0.0.1:{port}/mlflow"), instruments):
        wait_until(lambda: read(instruments, "sake_mlflow_up") == 0, interval=0.05)
        with serving(HEALTHY, port=port):
            wait_until(lambda: read(instruments, "sake_mlflow_up") == 1, interval=0.05)
            wait_until(lambda: (read(instruments, "sake_mlflow_answer_seconds") or 0) > 0, interval=0.05)
        wait_until(lambda: read(instruments, "sake_mlflow_up") == 0, interval=0.05)
        wait_until(lambda: read(instruments, "sake_mlflow_answer_seconds") is None, interval=0.05)


def test_connections_are_told_only_while_nginx_answers(tmp_path: Path) -> None:
    instruments, listener = PrometheusInstruments(), RequestListener()
    settings = Settings(home=tmp_path, keeper_metrics_port=free_port())
    config = replace(make_config(tmp_path, "127.0.0.1:1"), listener_port=listener.port)
    kept = KeptPrograms([], gateway=f"https://localhost:{config.port}", listener=listener)

    def connections() -> float | None:
        return read(instruments, "sake_gateway_connections", state="active")

    with export_kept(settings, kept, instruments):
        assert read(instruments, "sake_gateway_requests_total", status="5xx", place="api/v1") == 0
        with running(tmp_path, config):
            wait_until(connections, interval=0.05)
        wait_until(lambda: read(instruments, "sake_gateway_up") == 0, interval=0.05)
        wait_until(lambda: connections() is None, interval=0.05)


def test_a_server_with_a_failure_of_its_own_does_not_answer() -> None:
    with serving(ILL) as address:
        assert measure_answer(f"http://{address}/health") is None
        assert measure_answer(f"http://{address}/elsewhere") is not None


def test_nginx_answers_whatever_its_certificate_and_nothing_behind_it(tmp_path: Path) -> None:
    with running(tmp_path, make_config(tmp_path, "127.0.0.1:1")) as front:
        assert measure_answer(f"https://localhost:{front.port}/-/alive") is not None
        assert measure_answer(f"https://localhost:{front.port}/api/v1/health") is None
    assert measure_answer(f"https://localhost:{front.port}/-/alive") is None


def test_with_port_0_nothing_is_looked_at(tmp_path: Path) -> None:
    instruments = PrometheusInstruments()
    with (
        serving(make_echo()) as address,
        export_kept(
            Settings(home=tmp_path, keeper_metrics_port=0), KeptPrograms([], mlflow=f"http://{address}"), instruments
        ),
    ):
        assert read(instruments, "sake_mlflow_up") is None
