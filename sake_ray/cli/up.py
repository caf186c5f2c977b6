"""Bring the service up, and stay until it is stopped."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from sake_ray.cli.background import start_in_background, wait_for
from sake_ray.cli.bootstrap import load_settings
from sake_ray.cli.terminal import report, stop_on_signals
from sake_ray.errors import SakeError

if TYPE_CHECKING:
    from sake_ray.cli.gateway import PreparedGateway
    from sake_ray.cli.monitoring import PreparedMonitoring
    from sake_ray.cli.sidecars import Sidecar, SupervisedProcess
    from sake_ray.serve.config import ServiceConfig
    from sake_ray.settings import Settings


def up(
    mlflow: Annotated[bool, typer.Option("--mlflow", help="Also run MLflow's web pages, for the experiments.")] = False,
    gateway: Annotated[
        bool, typer.Option("--gateway", help="Also run nginx: one HTTPS address for screens, HTTP API and tools.")
    ] = False,
    monitoring: Annotated[
        bool, typer.Option("--monitoring", help="Also run Prometheus and Alertmanager, which tell people what breaks.")
    ] = False,
) -> None:
    """Run the service: accept documents over HTTP, read and classify them. Ctrl-C ends it."""
    from sake_ray.cli.environment import bypass_proxy
    from sake_ray.cli.private_home import close_home
    from sake_ray.cli.service_state import check_ports, lock_home, to_reachable_host
    from sake_ray.cli.sidecars import make_mlflow_pages
    from sake_ray.cli.watch_sidecar import check_watch
    from sake_ray.jobs.processes import reap_runs

    settings, stop = load_settings(), threading.Event()
    bypass_proxy(to_reachable_host(settings.host).strip("[]"))
    report_step = _make_step_report()
    (settings.home / "run").mkdir(parents=True, exist_ok=True)
    stop_on_signals(stop)
    with lock_home(settings.home / "run"):
        from sake_ray.backup import check_restored
        from sake_ray.cli.job_admission import set_job_environment
        from sake_ray.cli.startup import bound_logs, fit_to_cluster, make_service_config, withdraw_service
        from sake_ray.jobs.local_ray import RayPorts
        from sake_ray.jobs.ray_connection import host_ray
        from sake_ray.serve.lean_imports import SETUP_HOOK

        check_restored(settings.home)
        # What an earlier run left behind after a kill may still hold the ports.
        reap_runs(settings.home / "run")
        _end_left_monitoring(settings)
        close_home(settings)
        _report_findings(settings)
        bound_logs(settings)
        watched = _prepare_monitoring(settings, gateway=gateway) if monitoring else None
        prepared = _prepare_gateway(settings, watched, mlflow=mlflow) if gateway else None
        if watched:  # whoever wants to show what is measured asks this one
            own = f"http://127.0.0.1:{settings.prometheus_port}"
            settings = settings.model_copy(update={"prometheus_url": own})
        check_ports(settings)
        check_watch(settings)
        set_job_environment(settings)
        report_step("the program is loaded")
        # Each takes seconds on two cores: they start beside each other.
        config = start_in_background(lambda: make_service_config(settings))
        model = start_in_background(lambda: _ensure_model(settings, config.result(), report_step))
        ports = RayPorts(settings.dashboard_port, settings.metrics_port)
        with host_ray(
            settings.home, cpus=settings.cpus, ports=ports, address=settings.ray_address, setup_hook=SETUP_HOOK
        ):
            stop_on_signals(stop)  # again: Ray has put its own handler there
            report_step("Ray runs")
            if watched:
                watched.follow_ray(settings)
            if service := wait_for(config, stop):
                service = fit_to_cluster(settings, service)
                others = (make_mlflow_pages(settings, base="/mlflow" if prepared else ""),) if mlflow else ()
                with withdraw_service(settings):
                    _serve(settings, service, model, stop, report_step, others, prepared, watched)
            report("Stopping…")


def _serve(
    settings: "Settings",
    service: "ServiceConfig",
    model: Future[None],
    stop: threading.Event,
    report_step: Callable[[str], None],
    others: "Sequence[Sidecar]",
    gateway: "PreparedGateway | None",
    monitoring: "PreparedMonitoring | None",
) -> None:
    """Deploy the service and its sidecars, classify a test document, and stay until stopped."""
    from sake_ray.serve.lean_imports import import_serve

    import_serve()
    from sake_ray.cli.health import CHECK_SECONDS, TEST_SECONDS, classify_test_document, wait_until_ready, watch
    from sake_ray.cli.job_admission import admit_jobs
    from sake_ray.cli.screens import make_screens
    from sake_ray.cli.service_state import publish_service, to_reachable_host
    from sake_ray.cli.sidecars import run_sidecars
    from sake_ray.cli.watch_sidecar import forget_left_places, make_watch
    from sake_ray.client import Client
    from sake_ray.serve.app import deploy, is_running

    wait_for(start_in_background(lambda: deploy(service, host=settings.host, port=settings.port)), stop)
    if stop.is_set():
        return
    report_step("the service is deployed")
    wait_for(model, stop)
    forget_left_places(settings, service.records)
    url = f"http://{to_reachable_host(settings.host)}:{settings.port}"
    token = _make_test_token(service)
    pages = (*others, *(monitoring.pages if monitoring else ()))
    screens = make_screens(settings, url, pages, gateway=gateway.tools if gateway else None)
    sidecars = (*([gateway.sidecar] if gateway else []), *screens, *make_watch(settings), *others)
    # Last, so that they end first: what ends in order is nothing to tell people of.
    sidecars += monitoring.sidecars if monitoring else ()
    with (
        publish_service(settings.home, url),
        run_sidecars(sidecars) as processes,
        _look_after(settings, gateway, processes, others),
        Client(url, token, patience=CHECK_SECONDS) as client,
    ):
        wait_until_ready(client, stop)
        report_step("the service is ready; classifying a test document:")
        try:
            with Client(url, token, patience=TEST_SECONDS) as patient:
                classify_test_document(patient, stop)
        except SakeError as error:
            # What was killed may be coming back, and others may be using the service already.
            report(f"The test failed: {error}")
        _report_addresses(settings, url, sidecars)
        if monitoring and not monitoring.tells:
            report("Alerts are told to nobody, Alertmanager's page shows them (SAKE_ALERT_…: docs/operations.md).")
        max_running = max(1, service.cpus - service.readers)
        with admit_jobs(settings, service.records, max_running=max_running):
            watch(is_running, stop)


def _report_findings(settings: "Settings") -> None:
    """Say what is wrong here, as far as that takes no time; `sake doctor` looks at the rest."""
    from sake_ray.cli.doctor import describe, examine_cheaply

    for finding in examine_cheaply(settings):
        report(describe(finding))


def _end_left_monitoring(settings: "Settings") -> None:
    """Also where nobody wants one now: those of a killed start would go on telling people that it is down."""
    if (settings.home / "run" / "monitoring").exists():
        from sake_ray.cli.monitoring import end_left_monitoring

        end_left_monitoring(settings)


def _prepare_monitoring(settings: "Settings", *, gateway: bool) -> "PreparedMonitoring":
    from sake_ray.cli.monitoring import prepare_monitoring
    from sake_ray.cli.service_state import check_monitoring_ports

    check_monitoring_ports(settings)
    return prepare_monitoring(settings, gateway=gateway)


def _prepare_gateway(
    settings: "Settings", monitoring: "PreparedMonitoring | None", *, mlflow: bool
) -> "PreparedGateway":
    from sake_ray.cli.gateway import end_left_gateway, find_own_addresses, list_own_tools, prepare_gateway
    from sake_ray.cli.service_state import check_gateway_ports

    end_left_gateway(settings)
    check_gateway_ports(settings)
    tools = list_own_tools(settings, mlflow=mlflow, beside=monitoring.tools if monitoring else ())
    return prepare_gateway(settings, find_own_addresses(settings), tools)


@contextmanager
def _look_after(
    settings: "Settings",
    gateway: "PreparedGateway | None",
    processes: "Sequence[SupervisedProcess]",
    others: "Sequence[Sidecar]",
) -> Iterator[None]:
    """Export how the programs beside the service fare, and watch the certificate of the gateway, if there is one."""
    from sake_ray.cli.certificate import watch_certificate
    from sake_ray.cli.keeper import KeptPrograms, export_kept
    from sake_ray.metrics.exposition import PrometheusInstruments

    instruments = PrometheusInstruments()
    mlflow = settings.mlflow_url or next((other.url for other in others if other.name == "MLflow"), "")
    kept = KeptPrograms(processes, mlflow=mlflow if mlflow.startswith("http") else "")
    if gateway is None:
        with export_kept(settings, kept, instruments):
            yield
        return
    kept = replace(kept, gateway=gateway.sidecar.url, listener=gateway.listener)
    on_days = partial(instruments.set, "certificate_days_left")
    with (
        export_kept(settings, kept, instruments),
        watch_certificate(settings, gateway.files, processes[0], on_days=on_days),
    ):
        yield


def _ensure_model(settings: "Settings", service: "ServiceConfig", on_stage: Callable[[str], None]) -> None:
    from sake_ray.cli.first_model import ensure_model

    ensure_model(settings, service.registry, service.records, service.recipe, on_stage=on_stage)


def _make_test_token(service: "ServiceConfig") -> str:
    from sake_ray.serve.accounts import PROBE_ACCOUNT
    from sake_ray.serve.auth import open_session, utc_now
    from sake_ray.serve.tokens import load_key

    found = service.records.accounts.find(PROBE_ACCOUNT)
    return open_session(service.records, found[0], load_key(service.token_key), now=utc_now()) if found else ""


def _report_addresses(settings: "Settings", url: str, sidecars: "Sequence[Sidecar]") -> None:
    from sake_ray.cli.startup import find_password_file

    for sidecar in sidecars:
        report(f"{sidecar.name:<15} {sidecar.url}")
    report(f"Service         {url}  (try {url}/docs)")
    own, others = settings.home / "run/ray_token", os.environ.get("RAY_AUTH_TOKEN_PATH", "~/.ray/auth_token")
    token = others if settings.ray_address else own
    report(f"Dashboard       http://127.0.0.1:{settings.dashboard_port}  (token in {token})")
    path, shown_before = find_password_file(settings), settings.home / "run" / "told"
    if path.exists():
        password = "" if shown_before.exists() else f"  password {path.read_text().strip()}"
        report(f"Sign in         admin{password}  (kept in {path}; change it with `sake user passwd admin`)")
        shown_before.touch()
    report("Ctrl-C ends it.")


def _make_step_report() -> Callable[[str], None]:
    """Report each step with the seconds since now."""
    started = time.monotonic()
    return lambda text: report(f"{time.monotonic() - started:5.1f} s  {text}")
